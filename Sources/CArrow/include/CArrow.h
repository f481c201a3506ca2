// The structs by which programs in one process hand Arrow data to each other without a copy, as the Arrow C data and
// C stream interfaces lay them out (https://arrow.apache.org/docs/format/CDataInterface.html).
//
// Who is given a struct owns it: it calls `release` with the struct's address when it needs the data no more, unless
// `release` is null, which says that the struct has been released or moved elsewhere.
#pragma once
#include <stdint.h>

// Bits of `flags`.
enum {
    CARROW_DICTIONARY_ORDERED = 1,
    CARROW_NULLABLE = 2,
    CARROW_MAP_KEYS_SORTED = 4,
};

// A type with its name and parts.
typedef struct carrow_schema {
    const char *format;
    const char *name;
    const char *metadata;
    int64_t flags;
    int64_t n_children;
    struct carrow_schema **children;
    struct carrow_schema *dictionary;
    void (*release)(struct carrow_schema *);
    void *private_data;
} carrow_schema;

// The rows of a column, or of a batch, which is a struct of its columns.
typedef struct carrow_array {
    int64_t length;
    int64_t null_count;
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void **buffers;
    struct carrow_array **children;
    struct carrow_array *dictionary;
    void (*release)(struct carrow_array *);
    void *private_data;
} carrow_array;

// Batches of one schema, to be asked for one after the other; the functions return 0 or an errno. A released array
// marks the end.
typedef struct carrow_stream {
    int (*get_schema)(struct carrow_stream *, struct carrow_schema *out);
    int (*get_next)(struct carrow_stream *, struct carrow_array *out);
    const char *(*get_last_error)(struct carrow_stream *);
    void (*release)(struct carrow_stream *);
    void *private_data;
} carrow_stream;
