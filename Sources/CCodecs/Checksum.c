#include "CCodecs.h"
#include <string.h>

#if defined(__x86_64__)
#include <nmmintrin.h>
#define HAS_INSTRUCTION __builtin_cpu_supports("sse4.2")
#define WITH_INSTRUCTION __attribute__((target("sse4.2")))
#define STEP8(crc, value) _mm_crc32_u64(crc, value)
#define STEP1(crc, value) _mm_crc32_u8((uint32_t)(crc), value)
#elif defined(__aarch64__) && defined(__ARM_FEATURE_CRC32)
#include <arm_acle.h>
#define HAS_INSTRUCTION 1
#define WITH_INSTRUCTION
#define STEP8(crc, value) __crc32cd((uint32_t)(crc), value)
#define STEP1(crc, value) __crc32cb((uint32_t)(crc), value)
#endif

// The polynomial with its bits reversed.
static const uint32_t polynomial = 0x82f63b78;

// slices[k][b]: what byte b adds to the register when k more bytes follow it.
static uint32_t slices[8][256];

static uint32_t load4(const uint8_t *bytes) {
    uint32_t value;
    memcpy(&value, bytes, 4);
    return value;
}

static uint64_t load8(const uint8_t *bytes) {
    uint64_t value;
    memcpy(&value, bytes, 8);
    return value;
}

// Three runs of this many bytes are summed side by side, since the instruction may start anew each cycle but takes three.
enum { long_run = 2048, short_run = 256 };

// skip[k][b]: what byte k of the register, when it is b, becomes after a run of zeros.
typedef uint32_t skip_table[4][256];
static skip_table skip_long, skip_short;
static int has_instruction;

static uint32_t through_zeros(uint32_t crc, size_t count) {
    while (count--) crc = (crc >> 8) ^ slices[0][crc & 255];
    return crc;
}

// Going through zeros is linear, so that single bits tell it of every value.
static void fill_skip(skip_table table, size_t run) {
    for (int byte = 0; byte < 4; byte++)
        for (int bit = 0; bit < 8; bit++) {
            uint32_t moved = through_zeros(1u << (8 * byte + bit), run);
            for (int value = 0; value < 256; value++)
                if (value >> bit & 1) table[byte][value] ^= moved;
        }
}

__attribute__((constructor)) static void prepare(void) {
    for (uint32_t value = 0; value < 256; value++) {
        uint32_t crc = value;
        for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (crc & 1 ? polynomial : 0);
        slices[0][value] = crc;
    }
    for (int slice = 1; slice < 8; slice++)
        for (int value = 0; value < 256; value++) {
            uint32_t before = slices[slice - 1][value];
            slices[slice][value] = (before >> 8) ^ slices[0][before & 255];
        }
#ifdef HAS_INSTRUCTION
    has_instruction = HAS_INSTRUCTION;
    if (has_instruction) {
        fill_skip(skip_long, long_run);
        fill_skip(skip_short, short_run);
    }
#endif
}

uint32_t ccodecs_crc32c_tables(uint32_t crc, const void *bytes, size_t count) {
    const uint8_t *next = bytes;
    crc = ~crc;
    // The words are read as little-endian, as every processor that Swift runs on has them.
    for (; count >= 8; count -= 8, next += 8) {
        uint32_t low = crc ^ load4(next), high = load4(next + 4);
        crc = slices[7][low & 255] ^ slices[6][low >> 8 & 255] ^ slices[5][low >> 16 & 255] ^ slices[4][low >> 24] ^
              slices[3][high & 255] ^ slices[2][high >> 8 & 255] ^ slices[1][high >> 16 & 255] ^ slices[0][high >> 24];
    }
    while (count--) crc = (crc >> 8) ^ slices[0][(crc ^ *next++) & 255];
    return ~crc;
}

#ifdef HAS_INSTRUCTION
static inline uint32_t skipped(skip_table table, uint32_t crc) {
    return table[0][crc & 255] ^ table[1][crc >> 8 & 255] ^ table[2][crc >> 16 & 255] ^ table[3][crc >> 24];
}

#define THREE_RUNS(run, table)                                                                                         \
    while (count >= 3 * run) {                                                                                         \
        uint64_t first = crc, second = 0, third = 0;                                                                   \
        for (const uint8_t *end = next + run; next < end; next += 8) {                                                 \
            first = STEP8(first, load8(next));                                                                         \
            second = STEP8(second, load8(next + run));                                                                 \
            third = STEP8(third, load8(next + 2 * run));                                                               \
        }                                                                                                              \
        crc = skipped(table, skipped(table, (uint32_t)first) ^ (uint32_t)second) ^ (uint32_t)third;                    \
        next += 2 * run;                                                                                               \
        count -= 3 * run;                                                                                              \
    }

WITH_INSTRUCTION static uint32_t by_instruction(uint32_t start, const uint8_t *next, size_t count) {
    uint64_t crc = ~start;
    THREE_RUNS(long_run, skip_long)
    THREE_RUNS(short_run, skip_short)
    for (; count >= 8; count -= 8, next += 8) crc = STEP8(crc, load8(next));
    while (count--) crc = STEP1(crc, *next++);
    return ~(uint32_t)crc;
}
#endif

uint32_t ccodecs_crc32c(uint32_t crc, const void *bytes, size_t count) {
#ifdef HAS_INSTRUCTION
    if (has_instruction) return by_instruction(crc, bytes, count);
#endif
    return ccodecs_crc32c_tables(crc, bytes, count);
}
