# CXSparse of SuiteSparse (LGPL-2.1+): sparse Cholesky, LU and QR. Debian ships no CMake or pkg-config file for it.
find_path(CXSparse_INCLUDE_DIR cs.h PATH_SUFFIXES suitesparse)
find_library(CXSparse_LIBRARY cxsparse)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(CXSparse REQUIRED_VARS CXSparse_LIBRARY CXSparse_INCLUDE_DIR)
if(CXSparse_FOUND AND NOT TARGET CXSparse::CXSparse)
  add_library(CXSparse::CXSparse UNKNOWN IMPORTED)
  set_target_properties(CXSparse::CXSparse PROPERTIES IMPORTED_LOCATION ${CXSparse_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${CXSparse_INCLUDE_DIR})
endif()
