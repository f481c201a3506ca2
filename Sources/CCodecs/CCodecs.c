#include "CCodecs.h"
#include <lz4frame.h>
#include <snappy-c.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

// Least room for a step of decompression.
static const size_t step = 16 << 10;

int ccodecs_reserve(ccodecs_buffer *buffer, size_t extra) {
    if (buffer->capacity - buffer->count >= extra) return CCODECS_OK;
    if (extra > SIZE_MAX - buffer->count) return CCODECS_NO_MEMORY;
    size_t wanted = buffer->count + extra;
    if (wanted < buffer->capacity + buffer->capacity / 2) wanted = buffer->capacity + buffer->capacity / 2;
    uint8_t *bytes = realloc(buffer->bytes, wanted);
    if (!bytes) return CCODECS_NO_MEMORY;
    buffer->bytes = bytes;
    buffer->capacity = wanted;
    return CCODECS_OK;
}

void ccodecs_free(ccodecs_buffer *buffer) {
    free(buffer->bytes);
    memset(buffer, 0, sizeof *buffer);
}

// Room for the next step: at least one byte, and never more than one byte beyond the limit, which shows that there is
// more to come.
static int make_room(ccodecs_buffer *buffer, size_t limit, size_t *room) {
    if (buffer->count > limit) return CCODECS_TOO_LARGE;
    size_t wanted = limit - buffer->count < step ? limit - buffer->count + 1 : step;
    int code = ccodecs_reserve(buffer, wanted);
    if (code) return code;
    *room = buffer->capacity - buffer->count;
    if (*room > limit - buffer->count + 1) *room = limit - buffer->count + 1;
    return CCODECS_OK;
}

int ccodecs_gzip_read(ccodecs_buffer *buffer, const void *bytes, size_t count, size_t limit) {
    z_stream stream = {0};
    // 16: a gzip header (RFC 1952), and no other.
    if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK) return CCODECS_NO_MEMORY;
    stream.next_in = (Bytef *)bytes;
    int code = count && count <= UINT32_MAX ? CCODECS_OK : CCODECS_CORRUPT;
    stream.avail_in = (uInt)count;
    while (!code) {
        size_t room = 0;
        if ((code = make_room(buffer, limit, &room))) break;
        if (room > UINT32_MAX) room = UINT32_MAX;
        stream.next_out = buffer->bytes + buffer->count;
        stream.avail_out = (uInt)room;
        int result = inflate(&stream, Z_NO_FLUSH);
        buffer->count += room - stream.avail_out;
        if (buffer->count > limit) code = CCODECS_TOO_LARGE;
        else if (result == Z_STREAM_END) {
            if (!stream.avail_in) break;
            // Members may follow one another.
            if (inflateReset(&stream) != Z_OK) code = CCODECS_CORRUPT;
        } else if (result == Z_MEM_ERROR) code = CCODECS_NO_MEMORY;
        else if (result != Z_OK) code = CCODECS_CORRUPT;
    }
    inflateEnd(&stream);
    return code;
}

int ccodecs_snappy_read(ccodecs_buffer *buffer, const void *bytes, size_t count, size_t limit) {
    size_t length = 0;
    if (snappy_uncompressed_length(bytes, count, &length) != SNAPPY_OK) return CCODECS_CORRUPT;
    if (buffer->count > limit || length > limit - buffer->count) return CCODECS_TOO_LARGE;
    // Three bytes of input stand for at most 64 of output: a length beyond that would only make us allocate.
    if (length / 64 > count) return CCODECS_CORRUPT;
    int code = ccodecs_reserve(buffer, length ? length : 1);
    if (code) return code;
    if (snappy_uncompress(bytes, count, (char *)buffer->bytes + buffer->count, &length) != SNAPPY_OK)
        return CCODECS_CORRUPT;
    buffer->count += length;
    return CCODECS_OK;
}

int ccodecs_lz4_read(ccodecs_buffer *buffer, const void *bytes, size_t count, size_t limit) {
    LZ4F_dctx *context = NULL;
    if (LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION))) return CCODECS_NO_MEMORY;
    const uint8_t *next = bytes;
    int code = count ? CCODECS_OK : CCODECS_CORRUPT;
    while (!code) {
        size_t room = 0;
        if ((code = make_room(buffer, limit, &room))) break;
        size_t taken = count;
        size_t left = LZ4F_decompress(context, buffer->bytes + buffer->count, &room, next, &taken, NULL);
        if (LZ4F_isError(left)) {
            code = CCODECS_CORRUPT;
            break;
        }
        next += taken;
        count -= taken;
        buffer->count += room;
        if (buffer->count > limit) code = CCODECS_TOO_LARGE;
        // The end of a frame; another may follow it.
        else if (!left && !count) break;
        else if (!taken && !room) code = CCODECS_CORRUPT;
    }
    LZ4F_freeDecompressionContext(context);
    return code;
}

int ccodecs_gzip_write(ccodecs_buffer *buffer, const void *bytes, size_t count) {
    z_stream stream = {0};
    if (count > UINT32_MAX / 2) return CCODECS_TOO_LARGE;
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return CCODECS_NO_MEMORY;
    size_t bound = deflateBound(&stream, count);
    int code = ccodecs_reserve(buffer, bound);
    if (!code) {
        stream.next_in = (Bytef *)bytes;
        stream.avail_in = (uInt)count;
        stream.next_out = buffer->bytes + buffer->count;
        stream.avail_out = (uInt)bound;
        code = deflate(&stream, Z_FINISH) == Z_STREAM_END ? CCODECS_OK : CCODECS_CORRUPT;
        if (!code) buffer->count += bound - stream.avail_out;
    }
    deflateEnd(&stream);
    return code;
}

int ccodecs_snappy_write(ccodecs_buffer *buffer, const void *bytes, size_t count) {
    size_t length = snappy_max_compressed_length(count);
    int code = ccodecs_reserve(buffer, length);
    if (code) return code;
    if (snappy_compress(bytes, count, (char *)buffer->bytes + buffer->count, &length) != SNAPPY_OK)
        return CCODECS_CORRUPT;
    buffer->count += length;
    return CCODECS_OK;
}

int ccodecs_lz4_write(ccodecs_buffer *buffer, const void *bytes, size_t count) {
    LZ4F_preferences_t preferences = {0};
    preferences.frameInfo.blockSizeID = LZ4F_max64KB;
    preferences.frameInfo.blockMode = LZ4F_blockIndependent;
    size_t bound = LZ4F_compressFrameBound(count, &preferences);
    int code = ccodecs_reserve(buffer, bound);
    if (code) return code;
    size_t written = LZ4F_compressFrame(buffer->bytes + buffer->count, bound, bytes, count, &preferences);
    if (LZ4F_isError(written)) return CCODECS_CORRUPT;
    buffer->count += written;
    return CCODECS_OK;
}
