#include "tools/coderef/grid.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utf8proc.h>

enum { GAP = 2, LABEL_WIDTH = 14, WIDTH_MIN = 40 };

static bool on_terminal(void)
{
    return isatty(STDOUT_FILENO) != 0;
}

/* Columns of the window; 0 when there is none. */
static size_t window_width(void)
{
    struct winsize size;

    if (!on_terminal() || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 ||
        size.ws_col < WIDTH_MIN)
        return 0;
    return size.ws_col;
}

/* The next character of a text: its bytes, and the columns it takes. */
static size_t next_character(const char *text, size_t *columns)
{
    utf8proc_int32_t point;
    const utf8proc_ssize_t n =
        utf8proc_iterate((const utf8proc_uint8_t *)text, -1, &point);

    if (n <= 0) {
        *columns = 1;
        return 1;
    }
    *columns = (size_t)utf8proc_charwidth(point);
    return (size_t)n;
}

static size_t text_width(const char *text)
{
    size_t width = 0, columns;

    while (*text != '\0') {
        text += next_character(text, &columns);
        width += columns;
    }
    return width;
}

static void add_clean(struct buffer *out, const char *text)
{
    for (; *text != '\0'; text++) {
        const unsigned char c = (unsigned char)*text;

        if (c < ' ' || c == 0x7F)
            buffer_addc(out, '?');
        else
            buffer_addc(out, *text);
    }
}

void grid_add(struct grid *grid, const char *text)
{
    const size_t column = grid->cells % grid->columns;
    const size_t width = text_width(text);

    if (grid->cells >= GRID_CELLS_MAX)
        return;
    add_clean(&grid->text, text);
    buffer_addc(&grid->text, '\0');
    grid->cells++;
    if (width > grid->width[column])
        grid->width[column] = width;
}

void grid_begin(struct grid *grid, const char *const *heading)
{
    *grid = (struct grid){0};
    while (grid->columns < GRID_COLUMNS_MAX && heading[grid->columns] != NULL)
        grid->columns++;
    for (size_t i = 0; i < grid->columns; i++)
        grid_add(grid, heading[i]);
}

/* Prints at most room columns of a text (0: all of it). */
static void print_cut(const char *text, size_t room)
{
    size_t width = 0, columns;

    if (room == 0 || text_width(text) <= room) {
        (void)fputs(text, stdout);
        return;
    }
    while (*text != '\0') {
        const size_t n = next_character(text, &columns);

        if (width + columns + 1 > room)
            break;
        (void)fwrite(text, 1, n, stdout);
        width += columns;
        text += n;
    }
    (void)fputs("…", stdout);
}

void grid_print(struct grid *grid)
{
    const size_t window = window_width();
    const bool bold = on_terminal();
    const char *cell = grid->text.data;

    for (size_t i = 0; !grid->text.failed && i < grid->cells; i++) {
        const size_t column = i % grid->columns;
        size_t before = 0;

        for (size_t c = 0; c < column; c++)
            before += grid->width[c] + GAP;
        if (bold && i == 0)
            (void)fputs("\033[1m", stdout);
        if (column + 1 < grid->columns) {
            (void)fputs(cell, stdout);
            (void)printf(
                "%*s", (int)(grid->width[column] + GAP - text_width(cell)), "");
        } else {
            print_cut(cell, window > before + GAP ? window - before : 0);
            (void)fputs(bold && i < grid->columns ? "\033[0m\n" : "\n", stdout);
        }
        cell += strlen(cell) + 1;
    }
    buffer_clear(&grid->text);
}

void print_fact(const char *label, const char *text)
{
    struct buffer clean = {0};

    if (text == NULL || text[0] == '\0')
        return;
    add_clean(&clean, text);
    buffer_addc(&clean, '\0');
    if (!clean.failed)
        (void)printf("  %-*s%s\n", LABEL_WIDTH, label, clean.data);
    buffer_clear(&clean);
}

void print_title(const char *text)
{
    struct buffer clean = {0};
    const bool bold = on_terminal();

    add_clean(&clean, text);
    buffer_addc(&clean, '\0');
    if (!clean.failed)
        (void)printf("%s%s%s\n", bold ? "\033[1m" : "", clean.data,
            bold ? "\033[0m" : "");
    buffer_clear(&clean);
}
