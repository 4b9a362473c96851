/* test_cover.c - the smallest cover, against every set of nodes tried in turn.
 */
#include "tests/harness.h"

#include <stdlib.h>
#include <string.h>
#include "codesets/rules/pair/cover.h"

static struct cover_graph graph;
static bool taken[COVER_NODES_MAX];

static bool joined(unsigned a, unsigned b)
{
    return (graph.edge[a][b / 64] >> b % 64 & 1) != 0;
}

static unsigned size_of_cover(void)
{
    unsigned size = 0;

    for (unsigned i = 0; i < graph.nodes; i++)
        size += taken[i];
    return size;
}

static void every_edge_is_touched(void)
{
    for (unsigned a = 0; a < graph.nodes; a++)
        for (unsigned b = a; b < graph.nodes; b++)
            assert_true(!joined(a, b) || taken[a] || taken[b]);
}

static bool covers(uint32_t set)
{
    for (unsigned a = 0; a < graph.nodes; a++)
        for (unsigned b = a; b < graph.nodes; b++)
            if (joined(a, b) && (set >> a & 1) == 0 && (set >> b & 1) == 0)
                return false;
    return true;
}

static unsigned smallest_by_trying(void)
{
    unsigned best = graph.nodes;

    for (uint32_t set = 0; set < UINT32_C(1) << graph.nodes; set++) {
        const unsigned size = (unsigned)__builtin_popcount(set);

        if (size < best && covers(set))
            best = size;
    }
    return best;
}

static void a_graph_without_edges_needs_no_node(void **state)
{
    cover_begin(&graph, 5);
    assert_true(cover_find(taken, &graph));
    assert_int_equal(size_of_cover(), 0);
    cover_begin(&graph, 0);
    assert_true(cover_find(taken, &graph));
}

static void of_two_nodes_the_first_is_taken(void **state)
{
    cover_begin(&graph, 4);
    cover_edge(&graph, 3, 1);
    assert_true(cover_find(taken, &graph));
    assert_int_equal(size_of_cover(), 1);
    assert_true(taken[1]);
}

static void an_edge_to_itself_takes_its_node(void **state)
{
    cover_begin(&graph, 3);
    cover_edge(&graph, 0, 1);
    cover_edge(&graph, 1, 2);
    cover_edge(&graph, 2, 2);
    assert_true(cover_find(taken, &graph));
    assert_true(taken[2] && taken[0] && !taken[1]);
}

static void the_middle_of_a_star_is_enough(void **state)
{
    cover_begin(&graph, COVER_EXACT_NODES);
    for (unsigned i = 0; i + 1 < COVER_EXACT_NODES; i++)
        cover_edge(&graph, i, COVER_EXACT_NODES - 1);
    assert_true(cover_find(taken, &graph));
    assert_int_equal(size_of_cover(), 1);
    assert_true(taken[COVER_EXACT_NODES - 1]);
}

static void random_graphs_have_the_smallest_cover(void **state)
{
    srandom(20240701);
    for (unsigned round = 0; round < 400; round++) {
        const unsigned nodes = 2 + round % 10;
        const long density = 1 + random() % 9; /* edges of ten */

        cover_begin(&graph, nodes);
        for (unsigned a = 0; a < nodes; a++)
            for (unsigned b = a; b < nodes; b++)
                if (random() % 10 < (a == b ? 1 : density))
                    cover_edge(&graph, a, b);
        assert_true(cover_find(taken, &graph));
        every_edge_is_touched();
        assert_int_equal(size_of_cover(), smallest_by_trying());
    }
}

static void the_same_graph_has_the_same_cover(void **state)
{
    bool first[COVER_NODES_MAX];

    cover_begin(&graph, 20);
    for (unsigned i = 0; i < 60; i++)
        cover_edge(&graph, i * 7 % 20, (i * i + 3) % 20);
    assert_true(cover_find(taken, &graph));
    memcpy(first, taken, sizeof first);
    assert_true(cover_find(taken, &graph));
    assert_memory_equal(first, taken, 20 * sizeof *taken);
}

/* As large as an exact part may be, and every node joined to four others. */
static void the_largest_exact_part_is_solved(void **state)
{
    cover_begin(&graph, COVER_EXACT_NODES);
    for (unsigned i = 0; i < COVER_EXACT_NODES; i++) {
        cover_edge(&graph, i, (i + 1) % COVER_EXACT_NODES);
        cover_edge(&graph, i, (i + 5) % COVER_EXACT_NODES);
    }
    assert_true(cover_find(taken, &graph));
    every_edge_is_touched();
    assert_int_equal(size_of_cover(), COVER_EXACT_NODES / 2); /* bipartite */
}

static void parts_are_counted_one_by_one(void **state)
{
    cover_begin(&graph, COVER_NODES_MAX);
    for (unsigned i = 0; i + 1 < COVER_NODES_MAX; i++)
        if (i % 16 != 15)
            cover_edge(&graph, i, i + 1); /* paths of 16 */
    assert_true(cover_find(taken, &graph));
    every_edge_is_touched();
    assert_int_equal(size_of_cover(), COVER_NODES_MAX / 2);
}

static void a_larger_part_is_covered_and_said_to_be_inexact(void **state)
{
    cover_begin(&graph, 100);
    for (unsigned a = 0; a < 100; a++)
        for (unsigned b = a + 1; b < 100; b++)
            if ((a * 31 + b * 17) % 5 == 0)
                cover_edge(&graph, a, b);
    assert_false(cover_find(taken, &graph));
    every_edge_is_touched();
    /* None is needless. */
    for (unsigned i = 0; i < graph.nodes; i++) {
        bool needed = false;

        for (unsigned k = 0; k < graph.nodes; k++)
            needed |= joined(i, k) && !taken[k];
        assert_true(!taken[i] || needed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_graph_without_edges_needs_no_node),
        cmocka_unit_test(of_two_nodes_the_first_is_taken),
        cmocka_unit_test(an_edge_to_itself_takes_its_node),
        cmocka_unit_test(the_middle_of_a_star_is_enough),
        cmocka_unit_test(random_graphs_have_the_smallest_cover),
        cmocka_unit_test(the_same_graph_has_the_same_cover),
        cmocka_unit_test(the_largest_exact_part_is_solved),
        cmocka_unit_test(parts_are_counted_one_by_one),
        cmocka_unit_test(a_larger_part_is_covered_and_said_to_be_inexact),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
