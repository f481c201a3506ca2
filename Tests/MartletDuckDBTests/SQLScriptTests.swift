import Testing

@testable import MartletDuckDB

struct SQLScriptTests {
    @Test(arguments: [
        ("", []),
        (" ;; \n ; ", []),
        ("-- only a comment; really", []),
        ("/* a; /* nested; */ b; */", []),
        ("select 1", ["select 1"]),
        ("select 1;", ["select 1"]),
        ("select 1 ; select 2 -- the end", ["select 1", "select 2"]),
        ("select 1; -- c;\n/* x; */ ; select 2 /* e */ ;", ["select 1", "select 2"]),
        ("select ';', 'it''s; '; x", ["select ';', 'it''s; '", "x"]),
        ("select 'a\\'; b", ["select 'a\\'", "b"]),
        ("select e'a\\'; b'; c", ["select e'a\\'; b'", "c"]),
        ("select e, type'a\\'; b", ["select e, type'a\\'", "b"]),
        (#"select "a;""b;" from t; c"#, [#"select "a;""b;" from t"#, "c"]),
        ("select $$a; ' \" b$$; c", ["select $$a; ' \" b$$", "c"]),
        ("select $tag$a; $$ $other$ b$tag$; c", ["select $tag$a; $$ $other$ b$tag$", "c"]),
        ("select $1; select $2", ["select $1", "select $2"]),
        ("select a$b; select c$d", ["select a$b", "select c$d"]),
        ("select 'größe; 🐦'; select \"ä;ö\"", ["select 'größe; 🐦'", "select \"ä;ö\""]),
        ("select 1 - -1; select 4 / 2", ["select 1 - -1", "select 4 / 2"]),
        ("select 1 -- c\r; select 2", ["select 1", "select 2"]),
        ("select 'open; end", ["select 'open; end"]),
        ("select $$open; end", ["select $$open; end"]),
        ("select 1 /* open; end", ["select 1"]),
        ("select e'open\\", ["select e'open\\"]),
    ])
    func cutsAtSemicolonsOfTheScriptItself(script: String, expected: [String]) {
        #expect(SQLScript(script).statements.map(\.text) == expected)
    }

    @Test func tellsWhereStatementsStart() {
        let script = SQLScript("-- ä\nselect 1;\n  select 2")
        #expect(script.statements.map(\.start) == [6, 18])
    }

    @Test(arguments: [
        ("select 1", "SELECT"), ("((select 1))", "SELECT"), ("( /* c */ From t)", "FROM"), ("PIVOT t on a", "PIVOT"),
        ("'x'", ""),
    ])
    func tellsTheFirstWord(script: String, expected: String) {
        #expect(SQLScript(script).statements.first?.keyword == expected)
    }
}
