/// Puts headers and lengths around messages.
enum WireFrame {
    /// A request as a client sends it: length, header and body.
    static func request<Request: WireRequest>(
        _ request: Request,
        version: Int16,
        correlationID: Int32,
        clientID: String?
    ) -> [UInt8] {
        var writer = WireWriter()
        writer.int32(0)
        let header = RequestHeader(
            apiKey: Request.api.rawValue,
            apiVersion: version,
            correlationID: correlationID,
            clientID: clientID
        )
        header.write(to: &writer)
        request.encode(to: &writer, version: version)
        writer.patch(Int32(clamping: writer.count - 4), at: 0)
        return writer.bytes
    }

    /// A response as a broker sends it: length, header and body, as pieces of which large records are not copied.
    static func response<Response: WireResponse>(
        _ response: Response,
        version: Int16,
        correlationID: Int32,
        capacity: Int = 256
    ) -> [WireRecords] {
        var writer = WireWriter(capacity: capacity, splicesRecords: true)
        writer.int32(0)
        ResponseHeader(correlationID: correlationID).write(to: &writer, api: Response.api, version: version)
        response.encode(to: &writer, version: version)
        writer.patch(Int32(clamping: writer.count - 4), at: 0)
        return writer.pieces
    }
}
