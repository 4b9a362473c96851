/* tiny_coverage.h - coverage data written as lines of text.
 *
 *     tiny_coverage(tiny, "2026-07-01 2026-07-07",
 *         "release\n"
 *         "contractor 228/9/2 15102 MAC - Part B\n"
 *         "state 22 KY KY Kentucky\n"
 *         "jurisdiction 228/9/2 22 2015-01-01 open\n"
 *         "article 57067 34 A from=2020-01-01\n"
 *         "procedures 1: 97035 97110 | These are the codes.\n"
 *         "covered 1: M5450 M5459* | These support 97035. ~ Secondary only.\n"
 *         "contractors: 228/9/2\n");
 *
 * "release -TABLE …" begins a release in which all tables are loaded but those
 * named ("release history" has earlier versions); the dates of the releases
 * are the first argument, as for tiny_series(). "article ID VERSION STATUS"
 * (or lcd, ncd; STATUS "-" is not told) takes from=, to=, retired=, retires=,
 * draft and title=, the last of the line. A list of codes takes its paragraph
 * behind "|" (none: no row of one) and the asterisk's meaning behind "~".
 * "relation lcd 34049 36" is the document's. What is placed (contractor,
 * state, jurisdiction) belongs to the release at hand. Each line is a row of
 * the file "tiny.txt", counted from 1. */
#ifndef TESTS_TINY_COVERAGE_H
#define TESTS_TINY_COVERAGE_H
#include "tests/tiny_build.h"

void tiny_coverage(struct tiny *tiny, const char *releases, const char *lines);

#endif
