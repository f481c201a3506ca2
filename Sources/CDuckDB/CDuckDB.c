#include "CDuckDB.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

// DuckDB's Python package is the same library with a Python module in it. It exports the whole C API, but its Python
// half has to find Python's symbols somewhere before the library loads; none of them is ever called.
#ifdef __APPLE__
static const char *const python_libraries[] = {
    "libpython3.11.dylib", "libpython3.12.dylib", "libpython3.13.dylib", "libpython3.14.dylib",
};
#else
static const char *const python_libraries[] = {
    "libpython3.11.so.1.0", "libpython3.12.so.1.0", "libpython3.13.so.1.0", "libpython3.14.so.1.0",
};
#endif

#define SYMBOL(name) {"duckdb_" #name, offsetof(duckdb_api, name)}

static const struct {
    const char *name;
    size_t offset;
} symbols[] = {
    SYMBOL(library_version),
    SYMBOL(free),
    SYMBOL(create_config),
    SYMBOL(set_config),
    SYMBOL(destroy_config),
    SYMBOL(open_ext),
    SYMBOL(close),
    SYMBOL(connect),
    SYMBOL(disconnect),
    SYMBOL(interrupt),
    SYMBOL(query_progress),
    SYMBOL(extract_statements),
    SYMBOL(extract_statements_error),
    SYMBOL(prepare_extracted_statement),
    SYMBOL(destroy_extracted),
    SYMBOL(prepare_error),
    SYMBOL(prepared_statement_type),
    SYMBOL(destroy_prepare),
    SYMBOL(query),
    SYMBOL(result_error),
    SYMBOL(destroy_result),
    SYMBOL(fetch_chunk),
    SYMBOL(data_chunk_get_size),
    SYMBOL(data_chunk_get_vector),
    SYMBOL(vector_get_data),
    SYMBOL(destroy_data_chunk),
    SYMBOL(string_t_length),
    SYMBOL(string_t_data),
    SYMBOL(pending_prepared_streaming),
    SYMBOL(pending_error),
    SYMBOL(execute_pending),
    SYMBOL(destroy_pending),
    SYMBOL(column_count),
    SYMBOL(column_name),
    SYMBOL(column_logical_type),
    SYMBOL(destroy_logical_type),
    SYMBOL(get_type_id),
    SYMBOL(logical_type_get_alias),
    SYMBOL(decimal_width),
    SYMBOL(decimal_scale),
    SYMBOL(decimal_internal_type),
    SYMBOL(enum_internal_type),
    SYMBOL(enum_dictionary_size),
    SYMBOL(enum_dictionary_value),
    SYMBOL(list_type_child_type),
    SYMBOL(array_type_child_type),
    SYMBOL(array_type_array_size),
    SYMBOL(map_type_key_type),
    SYMBOL(map_type_value_type),
    SYMBOL(struct_type_child_count),
    SYMBOL(struct_type_child_name),
    SYMBOL(struct_type_child_type),
    SYMBOL(vector_get_validity),
    SYMBOL(list_vector_get_child),
    SYMBOL(array_vector_get_child),
    SYMBOL(struct_vector_get_child),
};

#undef SYMBOL

static const size_t symbol_count = sizeof symbols / sizeof symbols[0];

// A field that is not in the table would be called through a null pointer.
_Static_assert(
    sizeof symbols / sizeof symbols[0] == sizeof(duckdb_api) / sizeof(void (*)(void)),
    "every function of duckdb_api has to be in the table of symbols");

static void *open_library(const char *path) {
    return dlopen(path, RTLD_LAZY | RTLD_LOCAL);
}

bool cduckdb_load(const char *path, duckdb_api *api, char *error, size_t length) {
    void *library = open_library(path);
    if (library == NULL) {
        // dlerror's text lives until the next call, and the first reason is the one worth telling.
        const char *reason = dlerror();
        snprintf(error, length, "%s", reason != NULL ? reason : "it does not load");

        bool wants_python = strstr(error, "Py") != NULL && strstr(error, "symbol") != NULL;
        size_t candidates = wants_python ? sizeof python_libraries / sizeof python_libraries[0] : 0;
        for (size_t index = 0; index < candidates && library == NULL; index += 1) {
            if (dlopen(python_libraries[index], RTLD_LAZY | RTLD_GLOBAL) != NULL) {
                library = open_library(path);
            }
        }
        if (library == NULL) {
            return false;
        }
    }

    for (size_t index = 0; index < symbol_count; index += 1) {
        void *function = dlsym(library, symbols[index].name);
        if (function == NULL) {
            snprintf(error, length, "it has no function %s", symbols[index].name);
            return false;
        }
        memcpy((char *)api + symbols[index].offset, &function, sizeof function);
    }
    return true;
}

cduckdb_arrow_scan cduckdb_find_arrow_scan(const char *path) {
    // The library is loaded, so that this finds it again.
    void *library = open_library(path);
    void *function = library != NULL ? dlsym(library, "duckdb_arrow_scan") : NULL;
    cduckdb_arrow_scan scan = NULL;
    memcpy(&scan, &function, sizeof scan);
    return scan;
}
