// What record batches need of C libraries: the checksum CRC-32C, and gzip, snappy and lz4.
#pragma once
#include <stddef.h>
#include <stdint.h>

// Memory that grows as it is filled; all zero when it is empty.
typedef struct {
    uint8_t *bytes;
    size_t count;
    size_t capacity;
} ccodecs_buffer;

enum {
    CCODECS_OK = 0,
    // The input is not what the codec writes.
    CCODECS_CORRUPT = 1,
    // The output would be longer than the limit.
    CCODECS_TOO_LARGE = 2,
    CCODECS_NO_MEMORY = 3,
};

// Makes room for `extra` bytes after those that are in the buffer.
int ccodecs_reserve(ccodecs_buffer *buffer, size_t extra);
void ccodecs_free(ccodecs_buffer *buffer);

// CRC-32C (Castagnoli; RFC 3720, appendix B.4) of `bytes`, going on from `crc`, which is 0 at the beginning.
uint32_t ccodecs_crc32c(uint32_t crc, const void *bytes, size_t count);
// The same by tables, for processors without the instruction.
uint32_t ccodecs_crc32c_tables(uint32_t crc, const void *bytes, size_t count);

// Each appends to the buffer, which never holds more than `limit` bytes in all. One of the codes above.
int ccodecs_gzip_read(ccodecs_buffer *buffer, const void *bytes, size_t count, size_t limit);
int ccodecs_snappy_read(ccodecs_buffer *buffer, const void *bytes, size_t count, size_t limit);
int ccodecs_lz4_read(ccodecs_buffer *buffer, const void *bytes, size_t count, size_t limit);

// Each appends the compressed bytes to the buffer. One of the codes above.
int ccodecs_gzip_write(ccodecs_buffer *buffer, const void *bytes, size_t count);
int ccodecs_snappy_write(ccodecs_buffer *buffer, const void *bytes, size_t count);
// A frame of independent blocks, the only kind that Java clients read.
int ccodecs_lz4_write(ccodecs_buffer *buffer, const void *bytes, size_t count);
