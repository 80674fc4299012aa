/* standalone.c: runs a fuzz target without a fuzzer, over every file given and every file of the folders given. */
#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"

static int run_file(const char *path)
{
    FILE *const file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return -1;
    }
    size_t capacity = 4096, length = 0, got = 0;
    uint8_t *data = malloc(capacity);
    while (data != NULL && (got = fread(data + length, 1, capacity - length, file)) > 0) {
        length += got;
        if (length == capacity) {
            capacity *= 2;
            uint8_t *const more = realloc(data, capacity);
            if (more == NULL) {
                free(data);
            }
            data = more;
        }
    }
    (void)fclose(file);
    if (data == NULL) {
        fprintf(stderr, "%s: no memory\n", path);
        return -1;
    }
    /* A block of the exact size, so that a sanitizer sees a read behind its end. */
    uint8_t *const exact = malloc(length == 0 ? 1 : length);
    if (exact != NULL) {
        memcpy(exact, data, length);
        printf("%s: %zu bytes\n", path, length);
        (void)fflush(stdout); /* the name is out before anything goes wrong */
        (void)LLVMFuzzerTestOneInput(exact, length);
    }
    free(exact);
    free(data);
    return exact == NULL ? -1 : 1;
}

static int run_folder(const char *path)
{
    struct dirent **entries = NULL;
    const int count = scandir(path, &entries, NULL, alphasort);
    int run = count < 0 ? -1 : 0;
    for (int i = 0; i < count; i++) {
        char name[4096];
        const int written = snprintf(name, sizeof name, "%s/%s", path, entries[i]->d_name);
        if (run >= 0 && entries[i]->d_name[0] != '.' && written > 0 && (size_t)written < sizeof name) {
            run = run_file(name) < 0 ? -1 : run + 1;
        }
        free(entries[i]);
    }
    free(entries);
    return run;
}

int main(int argc, char **argv)
{
    int total = 0;
    for (int i = 1; i < argc; i++) {
        struct stat about;
        const bool folder = stat(argv[i], &about) == 0 && S_ISDIR(about.st_mode);
        const int run = folder ? run_folder(argv[i]) : run_file(argv[i]);
        if (run < 0) {
            return 1;
        }
        total += run;
    }
    printf("%d inputs\n", total);
    return total > 0 ? 0 : 1; /* an empty corpus tests nothing */
}
