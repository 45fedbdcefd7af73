# Warnings travel on an INTERFACE target, so third-party code (SYSTEM includes) is not held to them.
add_library(sumac_warnings INTERFACE)
target_compile_options(sumac_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align
  -Wunused
  # Designated initialisers leave the rest to its defaults on purpose.
  -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these inside libstdc++ and fmt at -O2 (false positives).
  target_compile_options(sumac_warnings INTERFACE
    -Wno-error=maybe-uninitialized -Wno-error=stringop-overflow
    -Wno-error=array-bounds -Wno-error=restrict)
endif()
