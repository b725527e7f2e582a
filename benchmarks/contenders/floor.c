/* The floor: what libjpeg-turbo alone needs for the job, with nothing around it.
 *
 * Each JPEG is decoded once, at the scale at which Pixmill decodes it, and both renditions are encoded. Nothing
 * is resampled: a rendition's pixels are every n-th of the decoded ones, cut out of their middle. So this is no
 * way to make renditions, but no way that decodes at this scale can be faster. Speaks like `serve.py`.
 *
 * Compiled with MARGIN_OVER and MARGIN_UNDER: by how much, as a fraction, the decoded picture must exceed the
 * largest rendition. `pixmill.geometry` knows.
 */
#include <stdio.h> /* before jpeglib.h, which needs it */

#include <jpeglib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { QUALITY = 85, BOXES = 2, WHITE = 255, BANDS = 3 };

typedef struct {
    int width, height;
} Size;

typedef struct {
    unsigned char *bytes;
    unsigned long length;
} Data;

typedef struct {
    unsigned char *pixels;
    Size size;
} Picture;

typedef struct {
    Data renditions[BOXES];
} Made;

static const Size boxes[BOXES] = {{800, 600}, {150, 150}};

static void *got(void *memory) {
    if (memory == NULL) {
        fputs("out of memory, or no such file\n", stderr);
        exit(1);
    }
    return memory;
}

/* The size at which a picture fits a box, rounded to the nearest pixel. */
static Size inside(Size picture, Size box) {
    bool wide = (int64_t)picture.width * box.height >= (int64_t)picture.height * box.width;
    int over = wide ? box.width : box.height, under = wide ? picture.width : picture.height;
    if (over >= under) return picture;
    Size size = {(int)(((int64_t)2 * picture.width * over + under) / (2 * under)),
                 (int)(((int64_t)2 * picture.height * over + under) / (2 * under))};
    if (size.width == 0) size.width = 1;
    if (size.height == 0) size.height = 1;
    return size;
}

static bool large_enough(int side, int shrink, int needed) {
    return (int64_t)((side + shrink - 1) / shrink) * MARGIN_UNDER >= (int64_t)needed * MARGIN_OVER;
}

static unsigned int shrink_of(Size stored) {
    Size needed = inside(stored, boxes[0]);
    for (int shrink = 8; shrink > 1; shrink /= 2)
        if (large_enough(stored.width, shrink, needed.width) && large_enough(stored.height, shrink, needed.height))
            return shrink;
    return 1;
}

static Picture decoded(Data photo, Size *stored) {
    struct jpeg_error_mgr errors;
    struct jpeg_decompress_struct jpeg = {.err = jpeg_std_error(&errors)};
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, photo.bytes, photo.length);
    jpeg_read_header(&jpeg, TRUE);
    *stored = (Size){(int)jpeg.image_width, (int)jpeg.image_height};
    jpeg.out_color_space = JCS_RGB;
    jpeg.scale_num = 1;
    jpeg.scale_denom = shrink_of(*stored);
    jpeg_start_decompress(&jpeg);
    size_t stride = (size_t)jpeg.output_width * BANDS;
    Picture picture = {got(malloc(stride * jpeg.output_height)), {(int)jpeg.output_width, (int)jpeg.output_height}};
    while (jpeg.output_scanline < jpeg.output_height) {
        JSAMPROW row = picture.pixels + stride * jpeg.output_scanline;
        jpeg_read_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_decompress(&jpeg);
    jpeg_destroy_decompress(&jpeg);
    return picture;
}

/* Every n-th pixel of the middle, on white. */
static Picture picked(Picture from, Size size, Size canvas) {
    int across = from.size.width / size.width, down = from.size.height / size.height;
    int step = across < down ? across : down;
    if (step == 0) step = 1;
    int left = (from.size.width - size.width * step) / 2, top = (from.size.height - size.height * step) / 2;
    size_t stride = (size_t)canvas.width * BANDS, bytes = stride * canvas.height;
    Picture to = {memset(got(malloc(bytes)), WHITE, bytes), canvas};
    for (int y = 0; y < size.height; y++) {
        const unsigned char *in = from.pixels + ((size_t)(top + y * step) * from.size.width + left) * BANDS;
        unsigned char *out = to.pixels + stride * (y + (canvas.height - size.height) / 2);
        out += (size_t)((canvas.width - size.width) / 2) * BANDS;
        for (int x = 0; x < size.width; x++, in += (size_t)step * BANDS, out += BANDS) memcpy(out, in, BANDS);
    }
    return to;
}

static Data encoded(Picture picture) {
    struct jpeg_error_mgr errors;
    struct jpeg_compress_struct jpeg = {.err = jpeg_std_error(&errors)};
    Data data = {NULL, 0};
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &data.bytes, &data.length);
    jpeg.image_width = picture.size.width;
    jpeg.image_height = picture.size.height;
    jpeg.input_components = BANDS;
    jpeg.in_color_space = JCS_RGB;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, QUALITY, TRUE);
    jpeg_start_compress(&jpeg, TRUE);
    while (jpeg.next_scanline < jpeg.image_height) {
        JSAMPROW row = picture.pixels + (size_t)picture.size.width * BANDS * jpeg.next_scanline;
        jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    return data;
}

static Made render(Data photo) {
    Size stored;
    Picture picture = decoded(photo, &stored);
    Made made;
    for (int box = 0; box < BOXES; box++) {
        Picture rendition = picked(picture, inside(stored, boxes[box]), boxes[box]);
        made.renditions[box] = encoded(rendition);
        free(rendition.pixels);
    }
    free(picture.pixels);
    return made;
}

static void forget(Made made) {
    for (int box = 0; box < BOXES; box++) free(made.renditions[box].bytes);
}

static Data read_file(const char *path) {
    FILE *file = got(fopen(path, "rb"));
    fseek(file, 0, SEEK_END);
    Data data = {NULL, (unsigned long)ftell(file)};
    rewind(file);
    data.bytes = got(malloc(data.length));
    if (fread(data.bytes, 1, data.length, file) != data.length) exit(1);
    fclose(file);
    return data;
}

static void write_all(Data *photos, int count, const char *folder) {
    for (int photo = 0; photo < count; photo++) {
        Made made = render(photos[photo]);
        for (int box = 0; box < BOXES; box++) {
            char path[4096];
            snprintf(path, sizeof path, "%s/%d-%d.jpg", folder, photo, box);
            FILE *file = got(fopen(path, "wb"));
            fwrite(made.renditions[box].bytes, 1, made.renditions[box].length, file);
            fclose(file);
        }
        forget(made);
    }
    puts("{}");
}

static double cpu_seconds(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static double wall_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The most memory this process has held. */
static long peak_bytes(void) {
    char line[256];
    long kilobytes = 0;
    FILE *status = fopen("/proc/self/status", "r");
    if (status == NULL) return 0;
    while (fgets(line, sizeof line, status))
        if (strncmp(line, "VmHWM:", 6) == 0) kilobytes = atol(line + 6);
    fclose(status);
    return kilobytes * 1024;
}

static void run(Data *photos, int count, int repeat) {
    double cpu = cpu_seconds(), wall = wall_seconds();
    for (int turn = 0; turn < repeat; turn++)
        for (int photo = 0; photo < count; photo++) forget(render(photos[photo]));
    int renderings = repeat * count;
    printf("{\"cpu\": %.6f, \"wall\": %.6f}\n", (cpu_seconds() - cpu) / renderings,
           (wall_seconds() - wall) / renderings);
}

int main(int count, char **paths) {
    Data *photos = got(calloc(count, sizeof *photos));
    for (int photo = 1; photo < count; photo++) photos[photo - 1] = read_file(paths[photo]);
    puts("{}"); /* ready */
    fflush(stdout);
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, stdin) > 0) {
        char *folder = strstr(line, "\"to\": \""), *repeat = strstr(line, "\"repeat\": ");
        if (folder) {
            folder += 7;
            folder[strcspn(folder, "\"")] = '\0';
            write_all(photos, count - 1, folder);
        } else if (repeat) {
            run(photos, count - 1, atoi(repeat + 10));
        } else { /* once */
            if (count > 1) forget(render(photos[0]));
            printf("{\"peak\": %ld}\n", peak_bytes());
        }
        fflush(stdout);
    }
    return 0;
}
