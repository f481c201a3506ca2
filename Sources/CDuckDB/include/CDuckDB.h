#ifndef CDUCKDB_H
#define CDUCKDB_H

// The part of DuckDB's C API that Martlet uses, as function pointers resolved at run time.
//
// DuckDB is not linked: only a process that runs SQL pays for loading its large library. No DuckDB header is
// needed either. The declarations follow the documented C API (https://duckdb.org/docs/stable/clients/c/api), whose
// functions keep their signatures from 1.4 on; keep them in step with it when adding one.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __clang__
// The function pointers are never null, and say so; what they take may be, as in C.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-completeness"
#else
#define _Nonnull
#endif

/// Counts and indices.
typedef uint64_t duckdb_idx;

// Opaque handles. Each is released by the function named beside it.
typedef struct duckdb_database_ *duckdb_database;                         // close
typedef struct duckdb_connection_ *duckdb_connection;                     // disconnect
typedef struct duckdb_config_ *duckdb_config;                             // destroy_config
typedef struct duckdb_extracted_statements_ *duckdb_extracted_statements; // destroy_extracted
typedef struct duckdb_prepared_statement_ *duckdb_prepared_statement;     // destroy_prepare
typedef struct duckdb_data_chunk_ *duckdb_data_chunk;                     // destroy_data_chunk
typedef struct duckdb_vector_ *duckdb_vector;                             // belongs to its chunk
typedef struct duckdb_pending_result_ *duckdb_pending_result;             // destroy_pending
typedef struct duckdb_logical_type_ *duckdb_logical_type;                 // destroy_logical_type

/// The outcome of a call: 0 is success, 1 an error.
typedef int duckdb_state;
#define CDUCKDB_SUCCESS 0

/// The kind of a prepared statement. Martlet tells only these two from all others.
typedef int duckdb_statement_type;
#define CDUCKDB_STATEMENT_SELECT 1
#define CDUCKDB_STATEMENT_MULTI 27

/// The kind of a type; Sources/MartletDuckDB/DuckDBType+Reading.swift names the numbers.
typedef int duckdb_type;

/// A query's result; released by destroy_result, also after a failed query. Only internal_data is not deprecated, but
/// the struct is passed by value, so that its size matters.
typedef struct {
    duckdb_idx deprecated_column_count;
    duckdb_idx deprecated_row_count;
    duckdb_idx deprecated_rows_changed;
    void *deprecated_columns;
    char *deprecated_error_message;
    void *internal_data;
} duckdb_result;

/// The progress of the running query; the percentage is -1 while it is unknown.
typedef struct {
    double percentage;
    uint64_t rows_processed;
    uint64_t total_rows_to_process;
} duckdb_query_progress;

/// An element of a VARCHAR vector: up to 12 bytes in place, longer text behind a pointer. Read it with the two
/// string functions below.
typedef struct {
    union {
        struct {
            uint32_t length;
            char prefix[4];
            char *pointer;
        } pointer;
        struct {
            uint32_t length;
            char bytes[12];
        } inlined;
    } value;
} duckdb_string;

/// An element of a LIST or MAP vector: where its elements are in the child vector.
typedef struct {
    uint64_t offset;
    uint64_t length;
} duckdb_list_entry;

/// An element of an INTERVAL vector.
typedef struct {
    int32_t months;
    int32_t days;
    int64_t micros;
} duckdb_interval;

/// The functions, each named as in the C API without its `duckdb_` prefix. Only cduckdb_load makes one, whole.
typedef struct {
    const char *(*_Nonnull library_version)(void);
    void (*_Nonnull free)(void *pointer);

    // Databases and connections.
    duckdb_state (*_Nonnull create_config)(duckdb_config *out_config);
    duckdb_state (*_Nonnull set_config)(duckdb_config config, const char *name, const char *option);
    void (*_Nonnull destroy_config)(duckdb_config *config);
    duckdb_state (*_Nonnull open_ext)(
        const char *path, duckdb_database *out_database, duckdb_config config, char **out_error);
    void (*_Nonnull close)(duckdb_database *database);
    duckdb_state (*_Nonnull connect)(duckdb_database database, duckdb_connection *out_connection);
    void (*_Nonnull disconnect)(duckdb_connection *connection);

    // These two may be called from another thread while a query runs on the connection.
    void (*_Nonnull interrupt)(duckdb_connection connection);
    duckdb_query_progress (*_Nonnull query_progress)(duckdb_connection connection);

    // Statements.
    duckdb_idx (*_Nonnull extract_statements)(
        duckdb_connection connection, const char *query, duckdb_extracted_statements *out_statements);
    const char *(*_Nonnull extract_statements_error)(duckdb_extracted_statements statements);
    duckdb_state (*_Nonnull prepare_extracted_statement)(
        duckdb_connection connection, duckdb_extracted_statements statements, duckdb_idx index,
        duckdb_prepared_statement *out_statement);
    void (*_Nonnull destroy_extracted)(duckdb_extracted_statements *statements);
    const char *(*_Nonnull prepare_error)(duckdb_prepared_statement statement);
    duckdb_statement_type (*_Nonnull prepared_statement_type)(duckdb_prepared_statement statement);
    void (*_Nonnull destroy_prepare)(duckdb_prepared_statement *statement);

    // Queries and their results.
    duckdb_state (*_Nonnull query)(duckdb_connection connection, const char *query, duckdb_result *out_result);
    const char *(*_Nonnull result_error)(duckdb_result *result);
    void (*_Nonnull destroy_result)(duckdb_result *result);
    duckdb_data_chunk (*_Nonnull fetch_chunk)(duckdb_result result);
    duckdb_idx (*_Nonnull data_chunk_get_size)(duckdb_data_chunk chunk);
    duckdb_vector (*_Nonnull data_chunk_get_vector)(duckdb_data_chunk chunk, duckdb_idx column);
    void *(*_Nonnull vector_get_data)(duckdb_vector vector);
    void (*_Nonnull destroy_data_chunk)(duckdb_data_chunk *chunk);
    uint32_t (*_Nonnull string_t_length)(duckdb_string string);
    const char *(*_Nonnull string_t_data)(duckdb_string *string);

    // Prepared statements whose rows are fetched while the query runs.
    duckdb_state (*_Nonnull pending_prepared_streaming)(
        duckdb_prepared_statement statement, duckdb_pending_result *out_pending);
    const char *(*_Nonnull pending_error)(duckdb_pending_result pending);
    duckdb_state (*_Nonnull execute_pending)(duckdb_pending_result pending, duckdb_result *out_result);
    void (*_Nonnull destroy_pending)(duckdb_pending_result *pending);

    // Columns of results and their types. Texts that are not const are released by free.
    duckdb_idx (*_Nonnull column_count)(duckdb_result *result);
    const char *(*_Nonnull column_name)(duckdb_result *result, duckdb_idx column);
    duckdb_logical_type (*_Nonnull column_logical_type)(duckdb_result *result, duckdb_idx column);
    void (*_Nonnull destroy_logical_type)(duckdb_logical_type *type);
    duckdb_type (*_Nonnull get_type_id)(duckdb_logical_type type);
    char *(*_Nonnull logical_type_get_alias)(duckdb_logical_type type);
    uint8_t (*_Nonnull decimal_width)(duckdb_logical_type type);
    uint8_t (*_Nonnull decimal_scale)(duckdb_logical_type type);
    duckdb_type (*_Nonnull decimal_internal_type)(duckdb_logical_type type);
    duckdb_type (*_Nonnull enum_internal_type)(duckdb_logical_type type);
    uint32_t (*_Nonnull enum_dictionary_size)(duckdb_logical_type type);
    char *(*_Nonnull enum_dictionary_value)(duckdb_logical_type type, duckdb_idx index);
    duckdb_logical_type (*_Nonnull list_type_child_type)(duckdb_logical_type type);
    duckdb_logical_type (*_Nonnull array_type_child_type)(duckdb_logical_type type);
    duckdb_idx (*_Nonnull array_type_array_size)(duckdb_logical_type type);
    duckdb_logical_type (*_Nonnull map_type_key_type)(duckdb_logical_type type);
    duckdb_logical_type (*_Nonnull map_type_value_type)(duckdb_logical_type type);
    duckdb_idx (*_Nonnull struct_type_child_count)(duckdb_logical_type type);
    char *(*_Nonnull struct_type_child_name)(duckdb_logical_type type, duckdb_idx index);
    duckdb_logical_type (*_Nonnull struct_type_child_type)(duckdb_logical_type type, duckdb_idx index);

    // Vectors within vectors, and which of their elements are not null: null, or a bit for each.
    uint64_t *(*_Nonnull vector_get_validity)(duckdb_vector vector);
    duckdb_vector (*_Nonnull list_vector_get_child)(duckdb_vector vector);
    duckdb_vector (*_Nonnull array_vector_get_child)(duckdb_vector vector);
    duckdb_vector (*_Nonnull struct_vector_get_child)(duckdb_vector vector, duckdb_idx index);
} duckdb_api;

/// Loads the library at `path` (a path, or a bare file name that the system's loader looks up) and fills `api`.
///
/// Returns true on success. On failure returns false and writes why, as text cut to `length` bytes, into `error`. A
/// library once loaded stays loaded until the process ends: DuckDB has threads that must not lose their code.
bool cduckdb_load(
    const char *_Nonnull path, duckdb_api *_Nonnull api, char *_Nonnull error, size_t length);

/// Makes a view called `name` of an Arrow C stream (struct ArrowArrayStream), which the caller keeps until the
/// connection closes and which can be read once. Deprecated in the C API since 1.0, and there from 0.8 to 2.0.
typedef duckdb_state (*cduckdb_arrow_scan)(duckdb_connection connection, const char *name, void *stream);

/// The function duckdb_arrow_scan of the library at `path`, which cduckdb_load has loaded; null when it has none.
cduckdb_arrow_scan cduckdb_find_arrow_scan(const char *_Nonnull path);

#ifdef __clang__
#pragma clang diagnostic pop
#endif

#endif
