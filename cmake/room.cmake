# One library per room of src/. DEPENDS are the arrows of ARCHITECTURE.md: a room links what it may
# include and nothing else. TESTS are x_test.cc files beside the code, one executable per room.
# DUCKDB marks rooms that speak DuckDB's types; they share one precompiled header. With SUMAC_UNITY,
# several SOURCES are compiled as one; APART are those of them that have names of their own which others
# have too.
function(sumac_room name)
  cmake_parse_arguments(ROOM "DUCKDB" "" "SOURCES;APART;DEPENDS;LIBRARIES;TESTS;TEST_DEPENDS" ${ARGN})
  add_library(sumac_${name} STATIC ${ROOM_SOURCES})
  target_include_directories(sumac_${name} PUBLIC "${CMAKE_SOURCE_DIR}/src")
  list(TRANSFORM ROOM_DEPENDS PREPEND sumac_)
  target_link_libraries(sumac_${name} PUBLIC ${ROOM_DEPENDS} ${ROOM_LIBRARIES}
                        PRIVATE sumac_warnings)
  if(ROOM_DUCKDB)
    sumac_use_duckdb(sumac_${name})
  endif()
  if(SUMAC_UNITY)
    # What the files share, most of it the library's templates, is compiled once.
    set_target_properties(sumac_${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 6)
    set_source_files_properties(${ROOM_APART} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    target_compile_options(sumac_${name} PRIVATE -Wno-subobject-linkage)
  endif()

  if(SUMAC_BUILD_TESTS AND ROOM_TESTS)
    add_executable(${name}_test ${ROOM_TESTS})
    target_link_libraries(${name}_test PRIVATE sumac_${name} ${ROOM_TEST_DEPENDS} sumac_warnings
                          GTest::gmock GTest::gtest_main)
    if(ROOM_DUCKDB)
      sumac_use_duckdb(${name}_test TESTS)
    else()
      target_precompile_headers(${name}_test PRIVATE <gmock/gmock.h> <gtest/gtest.h>)
    endif()
    sumac_is_test_code(${name}_test)
    gtest_discover_tests(${name}_test TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60
                         PROPERTIES LABELS unit TIMEOUT 120)
  endif()
endfunction()

# The code of tests, half of all there is, is compiled for the time that takes: with the sanitizers, the
# checks that AddressSanitizer makes almost redundant there are nearly half of it. What the tests run is
# checked in full.
function(sumac_is_test_code target)
  if(SUMAC_SANITIZERS MATCHES "undefined")
    target_compile_options(${target} PRIVATE -Og
                           -fno-sanitize=null,alignment,object-size,vptr)
  endif()
endfunction()

# Parsing DuckDB's headers takes 5 s a file, and those of the test library 2 s; the precompiled headers
# take it to 1 s. TESTS adds the latter.
function(sumac_use_duckdb target)
  cmake_parse_arguments(USE "TESTS" "" "" ${ARGN})
  set(headers <duckdb.hpp> <string> <vector> <memory> <optional> <functional>)
  set(precompiled sumac_duckdb_header)
  set(libraries DuckDB::DuckDB)
  if(USE_TESTS)
    list(APPEND headers <gmock/gmock.h> <gtest/gtest.h>)
    set(precompiled sumac_duckdb_test_header)
    list(APPEND libraries GTest::gmock)
  endif()
  if(NOT TARGET ${precompiled})
    file(WRITE "${CMAKE_BINARY_DIR}/generated/${precompiled}.cc" "")
    add_library(${precompiled} OBJECT "${CMAKE_BINARY_DIR}/generated/${precompiled}.cc")
    target_link_libraries(${precompiled} PUBLIC ${libraries} PRIVATE sumac_warnings)
    target_precompile_headers(${precompiled} PRIVATE ${headers})
    if(USE_TESTS)
      sumac_is_test_code(${precompiled})
    endif()
  endif()
  target_link_libraries(${target} PUBLIC DuckDB::DuckDB)
  target_precompile_headers(${target} REUSE_FROM ${precompiled})
  # An executable would be compiled with -fPIE, and g++ refuses a header precompiled with -fPIC then.
  target_compile_options(${target} PRIVATE -fPIC)
endfunction()
