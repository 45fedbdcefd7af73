# Copies the libraries of Debian that `program` needs into `libraries`, and their licences into
# `licences`, both below the prefix. Not those of the C and C++ compilers: they know the machine, are
# everywhere, and there must be one of each in a process.
file(GET_RUNTIME_DEPENDENCIES
  EXECUTABLES "${program}"
  RESOLVED_DEPENDENCIES_VAR resolved
  UNRESOLVED_DEPENDENCIES_VAR unresolved
  PRE_EXCLUDE_REGEXES "^libduckdb\\.so" "^ld-linux" "^lib(c|m|dl|rt|pthread|resolv)\\.so"
                      "^lib(stdc\\+\\+|gcc_s)\\.so")
if(unresolved)
  message(FATAL_ERROR "libraries were not found: ${unresolved}")
endif()
set(prefix "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}")
foreach(path IN LISTS resolved)
  get_filename_component(name "${path}" NAME)
  file(REAL_PATH "${path}" file)
  file(MAKE_DIRECTORY "${prefix}/${libraries}")
  file(COPY_FILE "${file}" "${prefix}/${libraries}/${name}")
  # Debian's index has some of them in /lib, of which the file system says /usr/lib.
  string(REGEX REPLACE "^/usr/lib/" "/lib/" in_lib "${file}")
  execute_process(COMMAND dpkg-query -S "${file}" "${in_lib}"
                  OUTPUT_VARIABLE owners ERROR_QUIET)
  if(NOT owners MATCHES "^([^:]+):")
    message(FATAL_ERROR "no package has ${file}, so its licence is not known")
  endif()
  set(package "${CMAKE_MATCH_1}")
  file(REAL_PATH "/usr/share/doc/${package}/copyright" copyright)
  file(MAKE_DIRECTORY "${prefix}/${licences}")
  file(COPY_FILE "${copyright}" "${prefix}/${licences}/${package}")
endforeach()
