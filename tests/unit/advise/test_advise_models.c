/* test_advise_models.c: placeholder */
#include <qn_test.h>
int main(void){return 0;}
