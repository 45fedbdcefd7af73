# The version that `sumac --version` and the User-Agent header show.
configure_file("${CMAKE_CURRENT_SOURCE_DIR}/cmake/version.h.in"
               "${CMAKE_CURRENT_BINARY_DIR}/generated/sumac_version.h" @ONLY)
add_library(sumac_version INTERFACE)
target_include_directories(sumac_version INTERFACE "${CMAKE_CURRENT_BINARY_DIR}/generated")
