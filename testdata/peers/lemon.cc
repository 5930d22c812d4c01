// LEMON's solvers of minimum-cost flow on a problem in DIMACS min format, in 64 bits.
//
//   g++ -O3 -march=native -DNDEBUG -o lemon lemon.cc -llemon
//   ./lemon FILE simplex|scaling
//
// It prints one line: solver, milliseconds of its run, cost ("infeasible", "unbounded" in
// its place). Reading, and LEMON's own copy of the graph, are not timed.

#include <lemon/cost_scaling.h>
#include <lemon/dimacs.h>
#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <string>

using namespace lemon;
using Number = long long;
using Clock = std::chrono::steady_clock;

struct Problem {
    SmartDigraph graph;
    SmartDigraph::ArcMap<Number> lower{graph}, upper{graph}, cost{graph};
    SmartDigraph::NodeMap<Number> supply{graph};
};

template <typename Solver>
static void solve(const std::string &name, const Problem &p) {
    Solver solver(p.graph);
    solver.lowerMap(p.lower).upperMap(p.upper).costMap(p.cost).supplyMap(p.supply);
    auto started = Clock::now();
    auto verdict = solver.run();
    std::chrono::duration<double, std::milli> took = Clock::now() - started;
    std::cout << name << '\t' << took.count() << '\t';
    if (verdict == Solver::OPTIMAL)
        std::cout << solver.template totalCost<Number>() << '\n';
    else
        std::cout << (verdict == Solver::INFEASIBLE ? "infeasible" : "unbounded") << '\n';
}

int main(int argc, char **argv) {
    const std::string which = argc == 3 ? argv[2] : "";
    if (which != "simplex" && which != "scaling") {
        std::cerr << "usage: lemon FILE simplex|scaling\n";
        return 2;
    }
    std::ifstream in(argv[1]);
    if (!in) {
        std::cerr << "lemon: cannot read " << argv[1] << '\n';
        return 1;
    }
    try {
        Problem p;
        readDimacsMin(in, p.graph, p.lower, p.upper, p.cost, p.supply);
        if (which == "simplex")
            solve<NetworkSimplex<SmartDigraph, Number>>("lemon NetworkSimplex", p);
        else
            solve<CostScaling<SmartDigraph, Number>>("lemon CostScaling", p);
    } catch (const std::exception &e) {
        std::cerr << "lemon: " << e.what() << '\n';
        return 1;
    }
}
