# What `cmake --install` puts where: headers, libraries, the command with man pages and completions, pkg-config and CMake package files.
install(DIRECTORY include/quern DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h" PATTERN "*.def")
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/include/quern/version.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/quern)

# The static library names its dependencies by their linker flags, so that a consumer needs no CMake module of ours.
set(QN_PRIVATE_LIBS "-lnlopt -ljansson -llapacke -lopenblas -lcxsparse -lm")
if(QN_OPENMP)
  string(APPEND QN_PRIVATE_LIBS " ${OpenMP_C_FLAGS}")
endif()
# Relative to the file itself, so that `cmake --install --prefix` may choose any place.
file(RELATIVE_PATH QN_PC_UP "/p/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/p")
configure_file(tools/cmake/quern.pc.in ${CMAKE_CURRENT_BINARY_DIR}/quern.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/quern.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(TARGETS quern_shared quern_static
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
configure_file(tools/cmake/quernConfig.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/quernConfig.cmake @ONLY)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/quernConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/quernConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/quernConfigVersion.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/quern)
