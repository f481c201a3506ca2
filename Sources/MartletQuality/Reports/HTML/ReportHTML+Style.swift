import Crypto
import Foundation

extension ReportHTML {
    /// The style of every page.
    ///
    /// Colours are told apart by those who see red and green alike (after Okabe and Ito, "Color Universal Design"), and
    /// none carries a meaning alone.
    static let style: StaticString = """
        :root{color-scheme:light dark;--bg:#fff;--panel:#f7f7f5;--text:#1d2328;--soft:#5a646d;--edge:#e2e4e2;\
        --accent:#0b5cad;--pass:#0a7354;--warn:#8a5a00;--bad:#b3330c;--err:#6b4a9c;\
        --pass-bg:#e6f3ee;--warn-bg:#fbf0d9;--bad-bg:#fbe9e3;--err-bg:#f0eaf8;--two:#d98e04;\
        --mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
        @media(prefers-color-scheme:dark){:root{--bg:#14181b;--panel:#1b2024;--text:#e3e6e8;--soft:#9aa5ad;\
        --edge:#2c3338;--accent:#7db7f0;--pass:#5cc8a0;--warn:#e8b44f;--bad:#ff8d66;--err:#c0a3f0;\
        --pass-bg:#14302a;--warn-bg:#35290f;--bad-bg:#3b2018;--err-bg:#2a2238;--two:#e8b44f}}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--bg);color:var(--text);\
        font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
        a{color:var(--accent);text-decoration:none}
        a:hover{text-decoration:underline}
        :focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:3px}
        header{display:flex;flex-wrap:wrap;gap:0 28px;align-items:baseline;padding:12px 24px;\
        border-bottom:1px solid var(--edge)}
        header .site{color:var(--text);font-weight:650}
        header nav{display:flex;flex-wrap:wrap;gap:0 18px}
        header nav a,.choices a{color:var(--soft);padding:2px 0}
        [aria-current]{color:var(--text)!important;box-shadow:0 2px 0 var(--accent)}
        main{position:relative;max-width:1180px;margin:0 auto;padding:20px 24px 40px}
        footer{max-width:1180px;margin:0 auto;padding:0 24px 32px;color:var(--soft);font-size:13px}
        h1{font-size:25px;line-height:1.25;font-weight:650;margin:0 0 14px;overflow-wrap:anywhere}
        h1 .badge{font-size:14px;vertical-align:4px;margin-left:6px}
        h2{font-size:17px;font-weight:650;margin:34px 0 8px;overflow-wrap:anywhere}
        h2 small{font-size:13px;font-weight:400;color:var(--soft);margin-left:6px}
        .kind{margin:0;color:var(--soft);font-size:13px}
        p{margin:6px 0;max-width:75ch}
        ul{margin:6px 0;padding-left:20px}
        code,pre{font-family:var(--mono);font-size:.88em}
        code{background:var(--panel);border-radius:3px;padding:1px 4px;overflow-wrap:anywhere;white-space:pre-wrap}
        pre{background:var(--panel);border:1px solid var(--edge);border-radius:6px;padding:10px 12px;margin:8px 0;\
        overflow:auto;max-height:420px;white-space:pre-wrap;overflow-wrap:anywhere}
        .faint,.facts dt,.figures dt{color:var(--soft)}
        .facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(250px,1fr));gap:8px 28px;margin:14px 0}
        .facts dt{font-size:13px}
        .facts dd{margin:0;overflow-wrap:anywhere}
        .figures{display:flex;flex-wrap:wrap;gap:10px 40px;margin:16px 0 18px}
        .figures div{display:flex;flex-direction:column-reverse}
        .figures dt{font-size:13px}
        .figures dd{margin:0;font-size:26px;line-height:1.15;font-weight:600;font-variant-numeric:tabular-nums}
        .figures .passed dd{color:var(--pass)}.figures .warning dd{color:var(--warn)}
        .figures .failed dd{color:var(--bad)}.figures .error dd{color:var(--err)}
        .badge{display:inline-block;border-radius:10px;padding:0 9px 0 7px;font-size:13px;line-height:20px;\
        font-weight:550;white-space:nowrap}
        .badge.passed{color:var(--pass);background:var(--pass-bg)}
        .badge.warning{color:var(--warn);background:var(--warn-bg)}
        .badge.failed{color:var(--bad);background:var(--bad-bg)}
        .badge.error{color:var(--err);background:var(--err-bg)}
        .severity{display:block;color:var(--soft);font-size:12px;padding-left:8px}
        .notice{border-left:3px solid var(--edge);background:var(--panel);padding:8px 12px;margin:8px 0;\
        border-radius:0 6px 6px 0;overflow-wrap:anywhere}
        .notice.passed{border-color:var(--pass)}.notice.warning{border-color:var(--warn)}
        .notice.failed{border-color:var(--bad)}.notice.error{border-color:var(--err)}
        .scroll{overflow-x:auto;margin:8px 0}
        table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
        th{text-align:left;font-size:13px;font-weight:500;color:var(--soft);white-space:nowrap}
        th,td{padding:7px 20px 7px 0;border-bottom:1px solid var(--edge);vertical-align:top}
        th:last-child,td:last-child{padding-right:0}
        td{overflow-wrap:anywhere;min-width:5em}
        td.number,th.number{text-align:right;white-space:nowrap;min-width:0}
        td.narrow,th.narrow{white-space:nowrap;width:1%;min-width:0}
        td.narrow code{white-space:nowrap}
        td:first-child.narrow,th:first-child.narrow{min-width:108px}
        th.wide{width:52%}
        td table{font-size:13px;width:auto;margin:0}
        td th,td td{padding:2px 16px 2px 0;border:0;min-width:0}
        tbody tr:hover>td{background:color-mix(in srgb,var(--panel) 60%,transparent)}
        .tally{display:inline-block;margin:3px 12px 0 0;font-size:14px}
        details{margin:5px 0;font-size:14px}
        summary{cursor:pointer;color:var(--soft)}
        summary:hover{color:var(--text)}
        .pager,.choices{display:flex;flex-wrap:wrap;gap:4px 20px;margin:14px 0}
        .pager span{color:var(--soft)}
        .pager .off{opacity:.45}
        .contents{columns:4 190px;column-gap:24px;margin:18px 0 6px;padding:10px 0;font-size:14px;\
        border:1px solid var(--edge);border-width:1px 0}
        .contents a{display:block;color:var(--soft);overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
        .contents .failed{color:var(--bad)}.contents .warning{color:var(--warn)}.contents .error{color:var(--err)}
        .filter{position:absolute;right:24px;top:20px;display:flex;font-size:14px}
        .filter input{position:absolute;opacity:0}
        .filter label{padding:3px 12px;border:1px solid var(--edge);color:var(--soft);cursor:pointer}
        .filter label:first-of-type{border-radius:6px 0 0 6px}
        .filter label:last-of-type{border-radius:0 6px 6px 0;margin-left:-1px}
        .filter input:checked+label{color:var(--text);background:var(--panel);font-weight:550}
        .filter input:focus-visible+label{outline:2px solid var(--accent)}
        main:has(#show-failed:checked) .is-passed{display:none!important}
        .search{font:inherit;font-size:14px;color:inherit;background:var(--bg);border:1px solid var(--edge);\
        border-radius:6px;padding:4px 10px;width:100%;max-width:320px;margin:4px 0}
        .charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,340px),1fr));\
        gap:18px 28px;margin:12px 0}
        figure{margin:0;min-width:0}
        figcaption{font-size:14px;font-weight:550;margin-bottom:4px;overflow-wrap:anywhere}
        svg{display:block;overflow:visible}
        .chart{width:100%;max-width:520px;height:auto}
        .chart text{font-size:11px;fill:var(--soft);font-variant-numeric:tabular-nums}
        .chart .value{fill:var(--text)}
        .chart .grid{stroke:var(--edge);stroke-width:1}
        .line{fill:none;stroke:var(--accent);stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}
        .band{fill:var(--accent);fill-opacity:.14;stroke:none}
        .bar,.plus{fill:var(--accent)}
        .bar{fill-opacity:.8}
        .two,.minus{fill:var(--two)}
        .chart .none{fill:var(--panel)}
        .mark{stroke:var(--bg);stroke-width:1}
        .mark.passed{fill:var(--pass)}.mark.warning{fill:var(--warn)}
        .mark.failed{fill:var(--bad)}.mark.error{fill:var(--err)}
        .spark{width:110px;height:22px;display:inline-block;vertical-align:middle}
        @media(max-width:640px){body{font-size:14px}header,main,footer{padding-left:16px;padding-right:16px}\
        .filter{position:static;margin-bottom:12px}.figures{gap:8px 26px}.figures dd{font-size:22px}\
        th,td{padding-right:14px}h1{font-size:21px}.facts{grid-template-columns:1fr 1fr;gap:8px 16px}\
        .stack>thead{display:none}.stack>tbody>tr{display:block;border-bottom:1px solid var(--edge);padding:9px 0}\
        .stack>tbody>tr[hidden]{display:none}.stack>tbody>tr>td{display:block;border:0;padding:2px 0}\
        .stack .severity{display:inline}}
        @media print{:root{--bg:#fff;--text:#000;--soft:#444}.filter,header nav,.search,.pager,.choices{display:none}\
        pre{max-height:none}section{break-inside:auto}tr,figure{break-inside:avoid}.scroll{overflow:visible}\
        body{font-size:11px}main{max-width:none;padding:0}}
        """

    /// Lets readers look for words in a table; without it the field for that stays hidden.
    static let script: StaticString = """
        for(const field of document.querySelectorAll(".search")){field.hidden=false;\
        const rows=field.nextElementSibling.querySelectorAll("tbody>tr");\
        field.addEventListener("input",()=>{const words=field.value.toLowerCase().split(/\\s+/);\
        for(const row of rows){const text=row.textContent.toLowerCase();\
        row.hidden=!words.every(word=>text.includes(word))}})}
        """

    /// What a browser lets a page do: show itself, and run our own script.
    ///
    /// Should anything ever slip past the escaping, it still does not run.
    static let policy: String = {
        let hash = script.withUTF8Buffer { Data(SHA256.hash(data: Data($0))).base64EncodedString() }
        return "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-\(hash)'; base-uri 'none'; "
            + "form-action 'none'"
    }()
}
