# DuckDB 1.4.4 as an imported target, DuckDB::DuckDB.
#
# The engine is the official build (npm @duckdb/node-bindings-linux-x64); its C++ headers come from
# npm `duckdb` of the same version and source id. `npm pack` downloads each tarball once into
# SUMAC_DOWNLOAD_DIR; the pinned SHA-512 is checked on every configure, so tarballs that are put
# there by hand work without a network.
set(SUMAC_DOWNLOAD_DIR "${CMAKE_SOURCE_DIR}/.cache/downloads" CACHE PATH
    "Where the DuckDB tarballs are kept")
set(SUMAC_DUCKDB_DIR "${CMAKE_SOURCE_DIR}/.cache/duckdb-1.4.4")

function(sumac_fetch_npm spec file sha512)
  set(path "${SUMAC_DOWNLOAD_DIR}/${file}")
  if(NOT EXISTS "${path}")
    find_program(NPM npm REQUIRED)
    file(MAKE_DIRECTORY "${SUMAC_DOWNLOAD_DIR}")
    execute_process(COMMAND "${NPM}" pack --silent "${spec}"
                    WORKING_DIRECTORY "${SUMAC_DOWNLOAD_DIR}"
                    RESULT_VARIABLE result OUTPUT_QUIET ERROR_VARIABLE error)
    if(NOT result EQUAL 0)
      message(FATAL_ERROR "npm pack ${spec} failed: ${error}\n"
        "Put the tarball at ${path} by hand, or set SUMAC_DOWNLOAD_DIR to a folder that has it.")
    endif()
  endif()
  file(SHA512 "${path}" actual)
  if(NOT actual STREQUAL sha512)
    message(FATAL_ERROR "${path} does not have the pinned SHA-512; delete it and configure again.")
  endif()
endfunction()

set(duckdb_library_tarball "duckdb-node-bindings-linux-x64-1.4.4-r.4.tgz")
set(duckdb_header_tarball "duckdb-1.4.4.tgz")
sumac_fetch_npm("@duckdb/node-bindings-linux-x64@1.4.4-r.4" "${duckdb_library_tarball}"
  "8c14cbfd6bdfc312d3a056bfa551df4fa7a532d96d2469dcdf04aec590fd39f325b62b7d614755152dfbbc1150cd7313d59f0e5a3b528cc87eccf2b13b01cb1c")
sumac_fetch_npm("duckdb@1.4.4" "${duckdb_header_tarball}"
  "844249e61c9517454b8f776638ba6c5ab411d1bddde1892ab72826ea25178c72430e74aa83f5122b171be6abcdace84560f824b5ac94e9d5c2b603ea7269a9a2")

if(NOT EXISTS "${SUMAC_DUCKDB_DIR}/complete")
  file(REMOVE_RECURSE "${SUMAC_DUCKDB_DIR}")
  file(ARCHIVE_EXTRACT INPUT "${SUMAC_DOWNLOAD_DIR}/${duckdb_library_tarball}"
       DESTINATION "${SUMAC_DUCKDB_DIR}/library" PATTERNS "package/libduckdb.so" "package/LICENSE")
  file(ARCHIVE_EXTRACT INPUT "${SUMAC_DOWNLOAD_DIR}/${duckdb_header_tarball}"
       DESTINATION "${SUMAC_DUCKDB_DIR}/headers" PATTERNS "package/src/duckdb/src/include/*")
  file(TOUCH "${SUMAC_DUCKDB_DIR}/complete")
endif()

add_library(DuckDB::DuckDB SHARED IMPORTED GLOBAL)
set_target_properties(DuckDB::DuckDB PROPERTIES
  IMPORTED_LOCATION "${SUMAC_DUCKDB_DIR}/library/package/libduckdb.so"
  IMPORTED_SONAME "libduckdb.so"
  INTERFACE_INCLUDE_DIRECTORIES "${SUMAC_DUCKDB_DIR}/headers/package/src/duckdb/src/include"
  INTERFACE_SYSTEM_INCLUDE_DIRECTORIES
    "${SUMAC_DUCKDB_DIR}/headers/package/src/duckdb/src/include")
