# cmake -DOUTPUT=file.c "-DINPUTS=a.tsv|b.tsv" -P embed.cmake: the files as C arrays, so that the library needs no file at run time.
string(REPLACE "|" ";" files "${INPUTS}")
set(arrays "")
set(rows "")
set(count 0)
foreach(path ${files})
  get_filename_component(name ${path} NAME_WE)
  file(READ ${path} hex HEX)
  string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(APPEND arrays "static const unsigned char data_${name}[] = {\n${bytes}0x00};\n")
  string(APPEND rows "    {\"${name}\", (const char *)data_${name}, sizeof data_${name} - 1},\n")
  math(EXPR count "${count} + 1")
endforeach()
file(WRITE ${OUTPUT} "/* Made by tools/cmake/embed.cmake from data/. */
#include \"advise/advice.h\"

${arrays}
const qn__embedded qn__embedded_tables[] = {
${rows}};
const size_t qn__embedded_count = ${count};
")
