/* common.h - what nearly every reader needs. */
#ifndef INDEXER_SOURCES_COMMON_H
#define INDEXER_SOURCES_COMMON_H
#include "indexer/sources/heading.h"
#include "indexer/sources/record.h"
#include "indexer/sources/release.h"
#include "indexer/sources/source.h"

#endif
