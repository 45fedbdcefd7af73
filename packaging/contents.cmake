# What is in which package; read by cpack for each of its generators.
set(components program)
if(CPACK_GENERATOR STREQUAL "DEB")
  list(APPEND components debian)
  # Some of its files stand outside of /usr.
  set(CPACK_SET_DESTDIR ON)
  set(CPACK_INSTALL_PREFIX /usr)
elseif(CPACK_GENERATOR STREQUAL "TGZ")
  list(APPEND components bundle)
endif()
set(CPACK_INSTALL_CMAKE_PROJECTS)
foreach(component IN LISTS components)
  list(APPEND CPACK_INSTALL_CMAKE_PROJECTS "${CPACK_SUMAC_BUILD}" sumac "${component}" /)
endforeach()
