/* cover.h - the fewest nodes of a graph that touch every edge of it.
 *
 * Parts of the graph that hang together are solved one by one. Finding the
 * fewest takes time that grows with a power of the part's size: at most about
 * 1.38^n steps of n words each, some thousand steps for COVER_EXACT_NODES. A
 * larger part is covered greedily: always the node with the most open edges,
 * and at the end the nodes that turned out not to be needed are left out again.
 * That takes n^2 steps, touches every edge, and may take more nodes than
 * needed.
 *
 * The answer depends on the graph and its numbering alone. Of two nodes that
 * serve as well the lower number is taken. */
#ifndef CODESETS_RULES_PAIR_COVER_H
#define CODESETS_RULES_PAIR_COVER_H
#include <stdbool.h>
#include <stdint.h>

enum {
    COVER_NODES_MAX = 128,
    COVER_EXACT_NODES = 24, /* of one part; at most 32 */
    COVER_WORDS = COVER_NODES_MAX / 64
};

struct cover_graph {
    unsigned nodes;
    uint64_t edge[COVER_NODES_MAX]
                 [COVER_WORDS]; /* bit b of edge[a], and back */
};

void cover_begin(struct cover_graph *graph, unsigned nodes);
/* An edge from a node to itself says that this node must be taken. */
void cover_edge(struct cover_graph *graph, unsigned a, unsigned b);

/* Marks the nodes of a cover in taken, graph->nodes of them. Returns true when
 * there is no smaller cover, false when a part was too large to tell. */
bool cover_find(bool *taken, const struct cover_graph *graph);

#endif
