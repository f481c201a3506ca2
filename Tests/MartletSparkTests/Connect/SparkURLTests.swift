import MartletCore
import Testing

@testable import MartletSpark

@Suite("Addresses of Spark servers")
struct SparkURLTests {
    @Test(
        "Host and port",
        arguments: [
            ("sc://localhost", "localhost", 15_002), ("sc://localhost/", "localhost", 15_002),
            ("sc://spark.example:443/;use_ssl=true", "spark.example", 443), ("sc://[::1]:9/", "::1", 9),
            ("sc://[2001:db8::1]", "2001:db8::1", 15_002), ("sc://127.0.0.1:15101;user_id=a", "127.0.0.1", 15_101),
        ]
    )
    func hostAndPort(text: String, host: String, port: Int) throws {
        let url = try SparkURL(text)
        #expect(url.host == host)
        #expect(url.port == port)
    }

    @Test(
        "A token wants TLS, except on this machine",
        arguments: [
            ("sc://spark.example/;token=abc", true), ("sc://localhost/;token=abc", false),
            ("sc://127.0.0.1/;token=abc", false), ("sc://127.9.8.7/;token=abc", false),
            ("sc://[::1]/;token=abc", false),
            ("sc://localhost/;token=abc;use_ssl=true", true), ("sc://spark.example/", false),
            ("sc://spark.example/;use_ssl=TRUE", true), ("sc://127.example/;token=abc", true),
        ]
    )
    func tls(text: String, expected: Bool) throws {
        #expect(try SparkURL(text).usesTLS == expected)
    }

    @Test("Options, with the rest as headers")
    func options() throws {
        let id = "0F0E0D0C-0b0a-4909-8807-060504030201"
        let url = try SparkURL(
            "sc://h/;token=a%3Db%3B;user_id=Ada%20L;user_agent=my%2Fapp;session_id=\(id);X-Team=m%20l;;x=1"
        )
        #expect(url.token == "a=b;")
        #expect(url.userID == "Ada L")
        #expect(url.userAgent == "my/app")
        #expect(url.sessionID == id.lowercased())
        #expect(url.headers == ["x-team": "m l", "x": "1"])
    }

    @Test("Secrets are not shown")
    func secrets() throws {
        let url = try SparkURL("sc://h/;token=very-secret;x-key=also-secret;user_id=ada")
        var dumped = ""
        dump(url, to: &dumped)
        for text in ["\(url)", String(reflecting: url), dumped] {
            #expect(!text.contains("secret"))
            #expect(text.contains("sc://h:15002/;use_ssl=true;user_id=ada;token=***;x-key=***"))
        }
    }

    @Test(
        "What is not an address",
        arguments: [
            "", "localhost:15002", "http://h", "sc://", "sc:///;a=b", "sc://h:0", "sc://h:65536", "sc://h:",
            "sc://h:+1",
            "sc://h/path", "sc://h/path;a=b", "sc://me@h", "sc://[::1", "sc://[::1]x", "sc://::1", "sc://h/;token",
            "sc://h/;=a",
            "sc://h/;token=", "sc://h/;token=a%2", "sc://h/;token=a%zz", "sc://h/;token=a%0Ab", "sc://h/;use_ssl=yes",
            "sc://h/;token=secret;use_ssl=false", "sc://h/;session_id=7", "sc://h/;authorization=secret",
            "sc://h/;a%20b=1",
            "sc://h/;x-bin=1", "sc://h/;x=%0D%0Asecret", "sc://h/;x=%FF", "sc://a b", "sc://h/;grpc-timeout=1",
        ]
    )
    func refused(text: String) throws {
        let error = try #require(throws: MartletError.self) { try SparkURL(text) }
        #expect(error.code == .sparkURLInvalid)
        #expect(!error.description.contains("secret"))
    }
}
