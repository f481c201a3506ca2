import MartletCore
import Testing

@Suite("Templates in addresses") struct URLTemplateTests {
    @Test(
        "a value stays one value of the address, whatever it has in it",
        arguments: [
            ("a;user_id=root", "sc://h/;token=a%3Buser_id%3Droot"), ("s3cret/tok+en", "sc://h/;token=s3cret/tok%2Ben"),
            ("100%", "sc://h/;token=100%25"), ("é \n", "sc://h/;token=%C3%A9%20%0A"),
            ("a-b.c_d~e", "sc://h/;token=a-b.c_d~e"),
        ]
    )
    func values(value: String, expected: String) throws {
        #expect(try Template("sc://h/;token={{ t }}").render(.url) { _ in .string(value) }.text == expected)
    }

    @Test("hosts and ports may be values")
    func hosts() throws {
        let text = try Template("sc://{{ h }}/x").render(.url) { _ in .string("spark.example:15002") }.text
        #expect(text == "sc://spark.example:15002/x")
    }
}
