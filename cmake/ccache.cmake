# Compiles through ccache when it is there. `pch_defines` and `time_macros` let it cache translation
# units that use the precompiled DuckDB header; without them every such unit would be a miss.
find_program(SUMAC_CCACHE ccache)
if(SUMAC_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      ${SUMAC_CCACHE})
endif()
