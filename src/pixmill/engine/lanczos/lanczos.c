/*
 * Pictures made smaller by Lanczos3, row by row, in as little memory as the kernel looks at.
 *
 * Two ways in: RGB that is in memory, and JPEG while libjpeg decodes it. The second takes luminance and chroma
 * as they are stored, each reduced from its own size, and makes RGB of the few pixels that are left. That is
 * less work than to blow up the chroma first, and keeps nothing of the large picture.
 *
 * Needs nothing but the processor: no allocation, no C library, no state. Vectors are GCC's and clang's own, so
 * that one text serves SSE2, AVX2 and NEON.
 */

#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#define ALWAYS_INLINE static inline __attribute__((always_inline))
#define API __attribute__((visibility("default")))

enum {
    LOBES = 3,
    LANES = 8,               /* results are made in groups of so many rows, and of so many pixels in a row */
    BLOCK = 4 * LANES,       /* samples of a row that are looked at together: as many sums as hide FMA's latency */
    PARTS = 3,
    MOST_TAPS = 96,
    MOST_ROWS = 32,          /* that a call of libjpeg gives: two blocks of 8, and room */
    STEPS = 256,             /* of the table of the kernel, for each 1 of its argument */
};

typedef float lanes __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef int32_t integers __attribute__((vector_size(4 * LANES)));
typedef uint8_t bytes __attribute__((vector_size(LANES)));

/* Which samples each result along one axis is made from, and with which weights. */
struct axis {
    double scale;            /* samples for each result, at least 1 unless chroma is coarser than the results */
    int32_t samples, results;
    int32_t taps;            /* samples looked at for each result */
    int32_t *first;
    float *weights;          /* [results][taps], the sum of each row is 1 */
};

/* A picture, or one component of it, on its way. */
struct plane {
    struct axis across, down;
    int32_t bands;
    const uint8_t *held;     /* the rows that are still needed, or all: row y is number y % capacity */
    int32_t stride, capacity;
    int32_t rows;            /* that have come */
    int32_t window_rows;
    float *window;           /* [window_rows][BLOCK], what a group of results looks at */
    float *turned;           /* [samples of a row][LANES]: a group of rows after the vertical pass */
    float *made;             /* [LANES][bands][results across, rounded up] */
};

/* What a component of a JPEG is like, as it comes from libjpeg. */
struct part {
    int32_t width, height;   /* samples */
    int32_t rows;            /* that each call gives */
    int32_t room;            /* samples that libjpeg may write of each row */
    double across, down;     /* samples for each pixel of the result */
};

typedef uint32_t (*reader)(void *jpeg, uint8_t ***rows, uint32_t most);

/* Memory that the caller has given; with no base, only counted. */
struct scratch {
    char *base;
    size_t used;
};

static void *take(struct scratch *scratch, size_t size) {
    void *here = scratch->base ? scratch->base + scratch->used : NULL;
    scratch->used += (size + 63) / 64 * 64;
    return here;
}

ALWAYS_INLINE int32_t padded(int32_t count, int32_t unit) {
    return (count + unit - 1) / unit * unit;
}

/* sin(pi x) for a small x, by Taylor's series around the nearest whole number. */
static double sine(double x) {
    const double pi = 3.14159265358979323846;
    int32_t turns = (int32_t)(x + 0.5);
    double angle = (x - turns) * pi, square = angle * angle, term = angle, sum = angle;
    for (int32_t n = 1; n < 10; n++) {
        term *= -square / ((2 * n) * (2 * n + 1));
        sum += term;
    }
    return turns % 2 ? -sum : sum;
}

static void tabulate(float *kernel) {
    const double pi = 3.14159265358979323846;
    kernel[0] = 1;
    for (int32_t step = 1; step <= LOBES * STEPS; step++) {
        double x = (double)step / STEPS;
        kernel[step] = (float)(LOBES * sine(x) * sine(x / LOBES) / (pi * pi * x * x));
    }
    kernel[LOBES * STEPS + 1] = 0;
}

static float weight(const float *kernel, double distance) {
    double step = (distance < 0 ? -distance : distance) * STEPS;
    if (step >= LOBES * STEPS) return 0;
    int32_t below = (int32_t)step;
    return kernel[below] + (float)(step - below) * (kernel[below + 1] - kernel[below]);
}

static void measure(struct axis *axis, struct scratch *scratch) {
    double reach = LOBES * (axis->scale > 1 ? axis->scale : 1);
    int32_t taps = (int32_t)(2 * reach) + 2;
    axis->taps = taps < axis->samples ? taps : axis->samples;
    size_t results = (size_t)padded(axis->results, LANES);
    axis->first = take(scratch, results * sizeof *axis->first);
    axis->weights = take(scratch, results * (size_t)axis->taps * sizeof *axis->weights);
}

static void weigh(struct axis *axis, const float *kernel) {
    double wide = axis->scale > 1 ? axis->scale : 1, reach = LOBES * wide;
    int32_t last = axis->samples - 1, furthest = axis->samples - axis->taps;
    for (int32_t result = 0; result < padded(axis->results, LANES); result++) {
        float *weights = axis->weights + (size_t)result * axis->taps;
        for (int32_t tap = 0; tap < axis->taps; tap++) weights[tap] = 0;
        if (result >= axis->results) { /* only there to fill a group */
            axis->first[result] = axis->first[result - 1];
            continue;
        }
        double centre = (result + 0.5) * axis->scale - 0.5, least = centre - reach;
        int32_t from = (int32_t)(least < 0 ? least - 1 : least), to = (int32_t)(centre + reach);
        int32_t first = from < 0 ? 0 : from < furthest ? from : furthest;
        float sum = 0;
        for (int32_t sample = from; sample <= to; sample++) {
            float share = weight(kernel, (sample - centre) / wide);
            if (share == 0) continue;
            /* Beyond its edges a picture goes on as it is there. */
            weights[(sample < 0 ? 0 : sample < last ? sample : last) - first] += share;
            sum += share;
        }
        for (int32_t tap = 0; tap < axis->taps; tap++) weights[tap] /= sum;
        axis->first[result] = first;
    }
}

/* Lay out all that a plane needs but its rows; 0 if it is reduced by more than this was made for. */
static int lay_out(struct plane *plane, struct scratch *scratch) {
    measure(&plane->across, scratch);
    measure(&plane->down, scratch);
    if (plane->across.taps > MOST_TAPS || plane->down.taps > MOST_TAPS) return 0;
    size_t samples = (size_t)padded(plane->across.samples * plane->bands, BLOCK);
    plane->window_rows = plane->down.taps + (int32_t)(LANES * plane->down.scale) + 2;
    plane->window = take(scratch, (size_t)plane->window_rows * BLOCK * sizeof(float));
    plane->turned = take(scratch, samples * LANES * sizeof(float));
    size_t results = (size_t)padded(plane->across.results, LANES);
    plane->made = take(scratch, results * (size_t)plane->bands * LANES * sizeof(float));
    return 1;
}

/* Whether all rows have come that the group of results from row y on looks at. */
static int is_due(const struct plane *plane, int32_t y) {
    int32_t last = y + LANES < plane->down.results ? y + LANES - 1 : plane->down.results - 1;
    return plane->down.first[last] + plane->down.taps <= plane->rows;
}

/* Rows become columns. */
ALWAYS_INLINE void turn(lanes *v) {
    lanes a[LANES], b[LANES];
    for (int i = 0; i < LANES; i += 2) {
        a[i] = __builtin_shufflevector(v[i], v[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
        a[i + 1] = __builtin_shufflevector(v[i], v[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    }
    for (int i = 0; i < LANES; i += 4)
        for (int j = 0; j < 2; j++) {
            b[i + 2 * j] = __builtin_shufflevector(a[i + j], a[i + j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
            b[i + 2 * j + 1] = __builtin_shufflevector(a[i + j], a[i + j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        }
    for (int i = 0; i < LANES / 2; i++) {
        v[i] = __builtin_shufflevector(b[i], b[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        v[i + 4] = __builtin_shufflevector(b[i], b[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
}

ALWAYS_INLINE void fill_window(const struct plane *plane, int32_t first, int32_t rows, int32_t x) {
    int32_t there = plane->across.samples * plane->bands - x, at = first % plane->capacity;
    for (int32_t row = 0; row < rows; row++) {
        const uint8_t *from = plane->held + (size_t)at * (size_t)plane->stride + x;
        float *to = plane->window + (size_t)row * BLOCK;
        if (there >= BLOCK)
            for (int32_t i = 0; i < BLOCK; i++) to[i] = from[i];
        else
            for (int32_t i = 0; i < BLOCK; i++) to[i] = i < there ? from[i] : 0;
        if (++at == plane->capacity) at = 0;
    }
}

/* The group of results from row y on, down first, since that leaves the fewer samples. */
ALWAYS_INLINE void reduce_down(const struct plane *plane, int32_t y) {
    const struct axis *down = &plane->down;
    int32_t base = down->first[y], rows = down->first[y + LANES - 1] + down->taps - base;
    for (int32_t x = 0; x < plane->across.samples * plane->bands; x += BLOCK) {
        fill_window(plane, base, rows, x);
        lanes sums[BLOCK / LANES][LANES];
        for (int row = 0; row < LANES; row++) {
            const float *weights = down->weights + (size_t)(y + row) * down->taps;
            const lanes *from = (const lanes *)(plane->window + (size_t)(down->first[y + row] - base) * BLOCK);
            lanes a = {0}, b = {0}, c = {0}, d = {0};
            for (int32_t tap = 0; tap < down->taps; tap++, from += BLOCK / LANES) {
                a += weights[tap] * from[0];
                b += weights[tap] * from[1];
                c += weights[tap] * from[2];
                d += weights[tap] * from[3];
            }
            sums[0][row] = a, sums[1][row] = b, sums[2][row] = c, sums[3][row] = d;
        }
        lanes *to = (lanes *)(plane->turned + (size_t)x * LANES);
        for (int i = 0; i < BLOCK / LANES; i++) {
            turn(sums[i]);
            for (int j = 0; j < LANES; j++) *to++ = sums[i][j];
        }
    }
}

ALWAYS_INLINE void reduce_across(const struct plane *plane) {
    const struct axis *across = &plane->across;
    int32_t results = padded(across->results, LANES), bands = plane->bands;
    for (int32_t x = 0; x < results; x += LANES)
        for (int32_t band = 0; band < bands; band++) {
            lanes sums[LANES];
            for (int i = 0; i < LANES; i += 2) {
                const float *left = across->weights + (size_t)(x + i) * across->taps, *right = left + across->taps;
                const lanes *turned = (const lanes *)plane->turned + band;
                const lanes *a = turned + (size_t)across->first[x + i] * bands;
                const lanes *b = turned + (size_t)across->first[x + i + 1] * bands;
                lanes of_a = {0}, of_b = {0};
                for (int32_t tap = 0; tap < across->taps; tap++, a += bands, b += bands) {
                    of_a += left[tap] * *a;
                    of_b += right[tap] * *b;
                }
                sums[i] = of_a, sums[i + 1] = of_b;
            }
            turn(sums);
            for (int row = 0; row < LANES; row++)
                *(lanes *)(plane->made + ((size_t)row * bands + band) * results + x) = sums[row];
        }
}

ALWAYS_INLINE bytes rounded(lanes v) {
    const lanes least = {0}, most = least + 255.0f;
    v = __builtin_elementwise_min(__builtin_elementwise_max(v + 0.5f, least), most);
    return __builtin_convertvector(__builtin_convertvector(v, integers), bytes);
}

ALWAYS_INLINE void interleave(uint8_t *to, bytes red, bytes green, bytes blue, int32_t count) {
    for (int32_t i = 0; i < count; i++) {
        to[3 * i] = red[i];
        to[3 * i + 1] = green[i];
        to[3 * i + 2] = blue[i];
    }
}

/* Write a group of results as RGB; YCbCr is JFIF's (ITU-T T.871, clause 7). */
ALWAYS_INLINE void write(const struct plane *planes, int is_ycc, int32_t y, uint8_t *to) {
    int32_t width = planes->across.results, wide = padded(width, LANES);
    for (int32_t row = 0; row < LANES && y + row < planes->down.results; row++) {
        const float *first = is_ycc ? planes[0].made + (size_t)row * wide : planes->made + (size_t)row * 3 * wide;
        const float *second = is_ycc ? planes[1].made + (size_t)row * wide : first + wide;
        const float *third = is_ycc ? planes[2].made + (size_t)row * wide : second + wide;
        uint8_t *at = to + (size_t)(y + row) * width * 3;
        for (int32_t x = 0; x < width; x += LANES, at += 3 * LANES) {
            lanes a = *(const lanes *)(first + x), b = *(const lanes *)(second + x), c = *(const lanes *)(third + x);
            if (is_ycc) {
                lanes luminance = a, blue = b - 128.0f, red = c - 128.0f;
                a = luminance + 1.402f * red;
                b = luminance - 0.344136286f * blue - 0.714136286f * red;
                c = luminance + 1.772f * blue;
            }
            if (width - x >= LANES)
                interleave(at, rounded(a), rounded(b), rounded(c), LANES);
            else
                interleave(at, rounded(a), rounded(b), rounded(c), width - x);
        }
    }
}

ALWAYS_INLINE void make(const struct plane *planes, int is_ycc, int32_t y, uint8_t *to) {
    for (int part = 0; part < (is_ycc ? PARTS : 1); part++) {
        reduce_down(planes + part, y);
        reduce_across(planes + part);
    }
    write(planes, is_ycc, y, to);
}

typedef void (*maker)(const struct plane *planes, int is_ycc, int32_t y, uint8_t *to);

static void make_anywhere(const struct plane *planes, int is_ycc, int32_t y, uint8_t *to) {
    make(planes, is_ycc, y, to);
}

#if defined(__x86_64__)

__attribute__((target("avx2,fma"))) static void make_on_avx2(
    const struct plane *planes, int is_ycc, int32_t y, uint8_t *to) {
    make(planes, is_ycc, y, to);
}

/* Intel 64 Architectures Software Developer's Manual, volume 1, 14.5.3 and 14.7.1. */
static int has_avx2(void) {
    unsigned a, b, c, d, low, high;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_FMA) || !(c & bit_OSXSAVE)) return 0;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (low & 6) == 6 && __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_AVX2);
}

static maker best(int plainly) {
    return !plainly && has_avx2() ? make_on_avx2 : make_anywhere;
}

#else

static maker best(int plainly) {
    (void)plainly;
    return make_anywhere;
}

#endif

/*
 * Reduce RGB in memory, rows without gaps, to width x height at `to`.
 *
 * Without scratch: how many bytes of it are needed, or 0 if the picture is reduced by too much. With it: 1.
 * `plainly`: with nothing that not all processors of the kind have.
 */
API size_t pixmill_reduce_rgb(const uint8_t *from, int32_t from_width, int32_t from_height, int32_t width,
                              int32_t height, uint8_t *to, char *memory, int plainly) {
    struct scratch scratch = {memory, 0};
    struct plane plane = {
        .across = {.scale = (double)from_width / width, .samples = from_width, .results = width},
        .down = {.scale = (double)from_height / height, .samples = from_height, .results = height},
        .bands = 3,
        .held = from,
        .stride = 3 * from_width,
        .capacity = from_height,
        .rows = from_height,
    };
    float *kernel = take(&scratch, (LOBES * STEPS + 2) * sizeof *kernel);
    if (!lay_out(&plane, &scratch)) return 0;
    if (!memory) return scratch.used;
    tabulate(kernel);
    weigh(&plane.across, kernel);
    weigh(&plane.down, kernel);
    maker made = best(plainly);
    for (int32_t y = 0; y < height; y += LANES) made(&plane, 0, y, to);
    return 1;
}

/*
 * Reduce a JPEG while it is decoded, from libjpeg's raw data, to RGB of width x height at `to`.
 *
 * `read` is jpeg_read_raw_data, `warnings` libjpeg's count of them; with the first one this ends.
 * Without scratch: how many bytes of it are needed, or 0 if the picture is reduced by too much. With it: whether
 * all of the picture came without a warning.
 */
API size_t pixmill_reduce_jpeg(reader read, void *jpeg, const long *warnings, const struct part *parts,
                               int32_t width, int32_t height, uint8_t *to, char *memory) {
    struct scratch scratch = {memory, 0};
    struct plane planes[PARTS];
    uint8_t *rings[PARTS], *rows[PARTS][MOST_ROWS], **lists[PARTS];
    float *kernel = take(&scratch, (LOBES * STEPS + 2) * sizeof *kernel);
    for (int i = 0; i < PARTS; i++) {
        const struct part *part = parts + i;
        planes[i] = (struct plane){
            .across = {.scale = part->across, .samples = part->width, .results = width},
            .down = {.scale = part->down, .samples = part->height, .results = height},
            .bands = 1,
            .stride = part->room,
        };
        if (part->rows > MOST_ROWS || !lay_out(planes + i, &scratch)) return 0;
        /* One component may have to wait for another: for what that looks at further down, and a call. */
        planes[i].capacity = planes[i].window_rows + 2 * part->rows + 2 * LANES;
        rings[i] = take(&scratch, (size_t)planes[i].capacity * (size_t)part->room);
        planes[i].held = rings[i];
        lists[i] = rows[i];
    }
    if (!memory) return scratch.used;
    tabulate(kernel);
    for (int i = 0; i < PARTS; i++) {
        weigh(&planes[i].across, kernel);
        weigh(&planes[i].down, kernel);
    }
    maker made = best(0);
    int32_t y = 0;
    while (planes->rows < planes->down.samples) { /* to the end, which may have warnings too */
        for (int i = 0; i < PARTS; i++) {
            struct plane *plane = planes + i;
            int32_t oldest = y < height ? plane->down.first[y] : plane->rows;
            if (plane->rows + parts[i].rows - oldest > plane->capacity) return 0;
            for (int32_t row = 0; row < parts[i].rows; row++)
                rows[i][row] = rings[i] + (size_t)((plane->rows + row) % plane->capacity) * (size_t)plane->stride;
        }
        if (!read(jpeg, lists, MOST_ROWS) || *warnings) return 0;
        for (int i = 0; i < PARTS; i++) {
            int32_t rest = planes[i].down.samples - planes[i].rows;
            planes[i].rows += parts[i].rows < rest ? parts[i].rows : rest;
        }
        for (; y < height && is_due(planes, y) && is_due(planes + 1, y) && is_due(planes + 2, y); y += LANES)
            made(planes, 1, y, to);
    }
    return y >= height;
}
