# cmake -DINPUT=file -DOUTPUT=file.c -DHEADER=its/header.h -DNAME=symbol -P embed_bytes.cmake: a binary file as a C array NAME and its
# NAME_length, so that the library needs no file at run time.
file(READ ${INPUT} hex HEX)
string(LENGTH "${hex}" digits)
math(EXPR length "${digits} / 2")
string(REGEX REPLACE "(................................................................)" "\\1\n" hex "${hex}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
get_filename_component(name ${INPUT} NAME)
file(WRITE ${OUTPUT} "/* Made by tools/cmake/embed_bytes.cmake from ${name}. */
#include \"${HEADER}\"

const unsigned char ${NAME}[] = {
${bytes}};
const size_t ${NAME}_length = ${length};
")
