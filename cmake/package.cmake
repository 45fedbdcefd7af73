# What `cpack` makes of an optimised build; scripts/package calls it. Components:
#   program  the program, its engine and their licences: what `cmake --install` installs
#   bundle   the libraries of Debian that the program needs, for the tarball
#   debian   the service, its configuration and what Debian wants in a package
set(SUMAC_MAINTAINER "Sumac maintainers <maintainers@localhost>" CACHE STRING
    "Who stands as the maintainer in the package")

# The tarball's libraries are found by those that need them, too: RPATH is handed down, RUNPATH is not.
target_link_options(sumac PRIVATE -Wl,--disable-new-dtags)

# Its manual page and its completions are made from the program by the target `package_extras`, so they
# are not there in every build.
set(extras "${CMAKE_BINARY_DIR}/package_extras")
install(DIRECTORY "${extras}/" DESTINATION "${CMAKE_INSTALL_DATADIR}" OPTIONAL)
add_custom_target(package_extras
  COMMAND "${CMAKE_SOURCE_DIR}/packaging/make_extras" $<TARGET_FILE:sumac> "${extras}"
  DEPENDS sumac VERBATIM)

# Done by CMake for what it has built.
install(CODE "if(CMAKE_INSTALL_DO_STRIP)
  execute_process(COMMAND strip --strip-unneeded
    \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_LIBDIR}/sumac/libduckdb.so\"
    COMMAND_ERROR_IS_FATAL ANY)
endif()")

install(CODE "set(program \"$<TARGET_FILE:sumac>\")
set(libraries \"${CMAKE_INSTALL_LIBDIR}/sumac\")
set(licences \"${CMAKE_INSTALL_DATADIR}/doc/sumac/libraries\")"
        COMPONENT bundle EXCLUDE_FROM_ALL)
install(SCRIPT "${CMAKE_SOURCE_DIR}/packaging/bundle_libraries.cmake"
        COMPONENT bundle EXCLUDE_FROM_ALL)

# Honours SOURCE_DATE_EPOCH.
string(TIMESTAMP SUMAC_PACKAGE_DATE "%a, %d %b %Y %H:%M:%S +0000" UTC)
set(debian "${CMAKE_SOURCE_DIR}/packaging/debian")
configure_file("${debian}/changelog" "${CMAKE_BINARY_DIR}/packaging/changelog" @ONLY)
install(FILES "${CMAKE_SOURCE_DIR}/packaging/sumac.service" DESTINATION /lib/systemd/system
        COMPONENT debian EXCLUDE_FROM_ALL)
install(FILES "${CMAKE_SOURCE_DIR}/packaging/spicepod.yaml" DESTINATION /etc/sumac
        COMPONENT debian EXCLUDE_FROM_ALL)
install(FILES "${CMAKE_SOURCE_DIR}/packaging/sumac.default" DESTINATION /etc/default RENAME sumac
        PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ COMPONENT debian EXCLUDE_FROM_ALL)
install(FILES "${debian}/copyright" "${debian}/README.Debian" DESTINATION /usr/share/doc/sumac
        COMPONENT debian EXCLUDE_FROM_ALL)
install(CODE "
file(MAKE_DIRECTORY \"\$ENV{DESTDIR}/etc/sumac\" \"\$ENV{DESTDIR}/usr/share/doc/sumac\")
# Copies of datasets are files, and a service does not write to /etc.
file(CREATE_LINK /var/lib/sumac \"\$ENV{DESTDIR}/etc/sumac/.sumac\" SYMBOLIC)
execute_process(COMMAND gzip -9nc \"${CMAKE_BINARY_DIR}/packaging/changelog\"
                OUTPUT_FILE \"\$ENV{DESTDIR}/usr/share/doc/sumac/changelog.Debian.gz\"
                COMMAND_ERROR_IS_FATAL ANY)" COMPONENT debian EXCLUDE_FROM_ALL)

set(CPACK_GENERATOR "DEB;TGZ")
set(CPACK_PROJECT_CONFIG_FILE "${CMAKE_SOURCE_DIR}/packaging/contents.cmake")
set(CPACK_SUMAC_BUILD "${CMAKE_BINARY_DIR}")
set(CPACK_PACKAGE_DIRECTORY "${CMAKE_BINARY_DIR}/packages")
set(CPACK_PACKAGE_CONTACT "${SUMAC_MAINTAINER}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "fast, federated SQL over Amazon DynamoDB")
set(CPACK_PACKAGE_DESCRIPTION
    "Reads a spicepod.yaml, makes each DynamoDB table in it a SQL table that can be joined with
Parquet, CSV and JSON files and with DuckDB databases, and answers SQL on the command line and over
HTTP. With a systemd service.")
string(TOLOWER "${CMAKE_SYSTEM_NAME}-${CMAKE_SYSTEM_PROCESSOR}" CPACK_SYSTEM_NAME)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION database)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, ca-certificates, init-system-helpers (>= 1.54)")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${SUMAC_DUCKDB_DIR}/library/package")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    "${debian}/postinst" "${debian}/prerm" "${debian}/postrm" "${debian}/conffiles")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
