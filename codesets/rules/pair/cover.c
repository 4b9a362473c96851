#include "codesets/rules/pair/cover.h"

#include <string.h>

void cover_begin(struct cover_graph *graph, unsigned nodes)
{
    graph->nodes = nodes < COVER_NODES_MAX ? nodes : COVER_NODES_MAX;
    memset(graph->edge, 0, graph->nodes * sizeof *graph->edge);
}

static bool has_edge(const struct cover_graph *graph, unsigned a, unsigned b)
{
    return (graph->edge[a][b / 64] >> b % 64 & 1) != 0;
}

void cover_edge(struct cover_graph *graph, unsigned a, unsigned b)
{
    graph->edge[a][b / 64] |= UINT64_C(1) << b % 64;
    graph->edge[b][a / 64] |= UINT64_C(1) << a % 64;
}

static void cut_node(struct cover_graph *graph, unsigned node)
{
    for (unsigned i = 0; i < graph->nodes; i++)
        graph->edge[i][node / 64] &= ~(UINT64_C(1) << node % 64);
    memset(graph->edge[node], 0, sizeof graph->edge[node]);
}

/* ------------------------------------------------------------- one part */

/* Nodes that hang together, in ascending order. */
struct part {
    unsigned nodes;
    uint8_t node[COVER_NODES_MAX];
};

/* The part that holds a node; its nodes are marked as seen. */
static void gather(struct part *out, bool *seen,
    const struct cover_graph *graph, unsigned from)
{
    bool in[COVER_NODES_MAX] = {false};
    uint8_t queue[COVER_NODES_MAX];
    unsigned ahead = 0, end = 0;

    queue[end++] = (uint8_t)from;
    in[from] = true;
    while (ahead < end) {
        const unsigned at = queue[ahead++];

        for (unsigned i = 0; i < graph->nodes; i++)
            if (!in[i] && has_edge(graph, at, i)) {
                in[i] = true;
                queue[end++] = (uint8_t)i;
            }
    }
    out->nodes = 0;
    for (unsigned i = 0; i < graph->nodes; i++)
        if (in[i]) {
            seen[i] = true;
            out->node[out->nodes++] = (uint8_t)i;
        }
}

/* ---------------------------------------------------------------- exact */

struct search {
    unsigned nodes;
    uint32_t edge[32]; /* by place in the part */
    unsigned best;     /* nodes of the best cover yet */
    uint32_t cover;    /* that cover */
};

static unsigned count(uint32_t bits)
{
    return (unsigned)__builtin_popcount(bits);
}

static unsigned lowest(uint32_t bits)
{
    return (unsigned)__builtin_ctz(bits);
}

/* Takes what is certain: of a node with one edge its neighbour serves as well
 * or better. Fills *busiest, the node with the most edges left, and returns
 * the sum of all degrees. */
static unsigned reduce(const struct search *search, uint32_t *open,
    uint32_t *taken, unsigned *busiest, unsigned *most)
{
    unsigned sum = 0;

    *most = 0;
    for (unsigned i = 0; i < search->nodes; i++) {
        const uint32_t near = search->edge[i] & *open;
        const unsigned degree = (*open >> i & 1) != 0 ? count(near) : 0;

        if (degree == 1) {
            const unsigned other = lowest(near);
            /* Two nodes alone: either serves, so the lower number. */
            const unsigned take =
                count(search->edge[other] & *open) == 1 ? i : other;

            *taken |= UINT32_C(1) << take;
            *open &= ~(UINT32_C(1) << take);
            *most = sum = 0;
            i = UINT32_MAX; /* from the first node again */
            continue;
        }
        sum += degree;
        if (degree > *most) {
            *most = degree;
            *busiest = i;
        }
    }
    return sum;
}

/* Covers the edges among the open nodes. Its depth is at most the number of
 * nodes: each step closes one. */
static void branch(struct search *search, uint32_t open, uint32_t taken)
{
    unsigned busiest = 0, most;
    const unsigned sum = reduce(search, &open, &taken, &busiest, &most);
    uint32_t near;

    /* No node left touches more than `most` of the sum / 2 edges. */
    if (count(taken) + (most == 0 ? 0 : (sum / 2 + most - 1) / most) >=
        search->best)
        return;
    if (most == 0) {
        search->best = count(taken);
        search->cover = taken;
        return;
    }
    near = search->edge[busiest] & open;
    open &= ~(UINT32_C(1) << busiest);
    branch(search, open, taken | UINT32_C(1) << busiest);
    branch(search, open & ~near, taken | near);
}

static void cover_exactly(
    bool *taken, const struct cover_graph *graph, const struct part *part)
{
    struct search search = {.nodes = part->nodes, .best = part->nodes + 1};
    uint32_t open = 0;

    for (unsigned i = 0; i < part->nodes; i++)
        open |= UINT32_C(1) << i;
    for (unsigned i = 0; i < part->nodes; i++)
        for (unsigned k = 0; k < part->nodes; k++)
            if (has_edge(graph, part->node[i], part->node[k]))
                search.edge[i] |= UINT32_C(1) << k;
    branch(&search, open, 0);
    for (unsigned i = 0; i < part->nodes; i++)
        taken[part->node[i]] = (search.cover >> i & 1) != 0;
}

/* --------------------------------------------------------------- greedy */

static void cover_greedily(
    bool *taken, const struct cover_graph *graph, const struct part *part)
{
    unsigned degree[COVER_NODES_MAX] = {0};
    uint8_t order[COVER_NODES_MAX];
    unsigned steps = 0;

    for (unsigned i = 0; i < part->nodes; i++)
        for (unsigned k = 0; k < part->nodes; k++)
            degree[part->node[i]] +=
                has_edge(graph, part->node[i], part->node[k]);
    for (;;) {
        unsigned best = part->node[0];

        for (unsigned i = 1; i < part->nodes; i++)
            if (degree[part->node[i]] > degree[best])
                best = part->node[i];
        if (degree[best] == 0)
            break;
        taken[best] = true;
        order[steps++] = (uint8_t)best;
        degree[best] = 0;
        for (unsigned i = 0; i < part->nodes; i++)
            if (!taken[part->node[i]] && has_edge(graph, best, part->node[i]))
                degree[part->node[i]]--;
    }
    /* The last taken first: is a node needed whose neighbours are all in? */
    while (steps > 0) {
        const unsigned node = order[--steps];
        bool needed = false;

        for (unsigned i = 0; i < part->nodes; i++)
            needed |=
                !taken[part->node[i]] && has_edge(graph, node, part->node[i]);
        taken[node] = needed;
    }
}

bool cover_find(bool *taken, const struct cover_graph *graph)
{
    struct cover_graph left;
    bool seen[COVER_NODES_MAX] = {false}, exact = true;
    struct part part;

    left.nodes = graph->nodes;
    memcpy(left.edge, graph->edge, graph->nodes * sizeof *graph->edge);
    for (unsigned i = 0; i < graph->nodes; i++)
        taken[i] = false;
    for (unsigned i = 0; i < graph->nodes; i++)
        if (has_edge(graph, i, i)) {
            taken[i] = seen[i] = true;
            cut_node(&left, i);
        }
    for (unsigned i = 0; i < graph->nodes; i++) {
        if (seen[i])
            continue;
        gather(&part, seen, &left, i);
        if (part.nodes == 1)
            continue;
        if (part.nodes <= COVER_EXACT_NODES) {
            cover_exactly(taken, &left, &part);
        } else {
            cover_greedily(taken, &left, &part);
            exact = false;
        }
    }
    return exact;
}
