// Xapian on the tables of prepare.py: a program is a document whose terms are its skills
// and its place; a query is, for each need, the best of the skills that count for it,
// weighted, and these added up. Levels are left out: Xapian has nothing like them.
//
//   g++ -O2 -std=c++17 -o xapian xapian.cc $(xapian-config --cxxflags --libs)
//   ./xapian FOLDER TOP
//
// It builds its database in FOLDER/xapian and prints, per filter, one line: engine,
// filter, queries, then mean, p50, p99 and maximum in ms, and results a query.

#include <xapian.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

using Clock = std::chrono::steady_clock;

static double seconds(Clock::time_point from) {
    return std::chrono::duration<double>(Clock::now() - from).count();
}

// Xapian 1.4.22 crashes while it prunes when all terms of an OP_MAX run out before the
// others' (without pruning, or with these two terms in it that only the last document has,
// it does not, and the scores are the same). They weigh next to nothing.
static const std::vector<std::string> guards = {"Z1", "Z2"};
static const double next_to_nothing = 1e-9;

// index reads held.tsv, whose rows of one program follow each other.
static void index(const std::string &folder, const std::string &at) {
    auto started = Clock::now();
    Xapian::WritableDatabase db(at, Xapian::DB_CREATE_OR_OVERWRITE);
    std::ifstream in(folder + "/held.tsv");
    std::string program, place, skill, level, last;
    Xapian::Document doc;
    auto flush = [&] {
        if (!last.empty()) {
            doc.set_data(last);
            db.add_document(doc);
        }
        doc = Xapian::Document();
    };
    while (in >> program >> place >> skill >> level) {
        if (program != last) {
            flush();
            last = program;
            doc.add_boolean_term("P" + place.substr(0, 2));
            doc.add_boolean_term("P" + place);
        }
        doc.add_term("S" + skill);
    }
    flush();
    doc = Xapian::Document();
    for (auto &guard : guards) doc.add_term(guard);
    db.add_document(doc);
    db.commit();
    std::cerr << "xapian: " << db.get_doccount() << " documents in " << seconds(started) << " s\n";
}

struct Asked {
    std::string place;
    std::map<int, std::vector<Xapian::Query>> needs;
};

// read gives the queries of each filter, ready to be asked.
static std::map<std::string, std::vector<Xapian::Query>> read(const std::string &folder) {
    std::map<std::string, std::map<int, Asked>> asked;
    std::ifstream in(folder + "/asked.tsv");
    for (std::string line; std::getline(in, line);) {
        std::vector<std::string> cells;
        std::istringstream parts(line);
        for (std::string cell; std::getline(parts, cell, '\t');) cells.push_back(cell);
        Asked &a = asked[cells[1]][std::stoi(cells[0])];
        a.place = cells[2];
        Xapian::Query term("S" + cells[6]);
        a.needs[std::stoi(cells[3])].push_back(
            Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT, term, std::stod(cells[5]) * std::stod(cells[7])));
    }
    std::map<std::string, std::vector<Xapian::Query>> out;
    for (auto &filter : asked) {
        for (auto &one : filter.second) {
            std::vector<Xapian::Query> best;
            for (auto &need : one.second.needs) {
                for (auto &guard : guards)
                    need.second.push_back(Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT, Xapian::Query(guard), next_to_nothing));
                best.emplace_back(Xapian::Query::OP_MAX, need.second.begin(), need.second.end());
            }
            Xapian::Query q(Xapian::Query::OP_OR, best.begin(), best.end());
            if (!one.second.place.empty())
                q = Xapian::Query(Xapian::Query::OP_FILTER, q, Xapian::Query("P" + one.second.place));
            out[filter.first].push_back(q);
        }
    }
    return out;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        std::cerr << "usage: xapian FOLDER TOP\n";
        return 2;
    }
    try {
        const std::string folder = argv[1], at = folder + "/xapian";
        index(folder, at);
        Xapian::Database db(at);
        Xapian::Enquire enquire(db);
        enquire.set_weighting_scheme(Xapian::CoordWeight()); // a term counts its scale
        for (auto &set : read(folder)) {
            auto &queries = set.second;
            std::vector<double> took;
            double results = 0;
            const size_t warm = std::min<size_t>(50, queries.size());
            for (size_t i = 0; i < warm + queries.size(); i++) {
                auto started = Clock::now();
                enquire.set_query(queries[i < warm ? i : i - warm]);
                Xapian::MSet found = enquire.get_mset(0, std::stoi(argv[2]));
                if (i < warm) continue;
                took.push_back(1000 * seconds(started));
                results += found.size();
            }
            std::sort(took.begin(), took.end());
            double sum = 0;
            for (double t : took) sum += t;
            auto quantile = [&](int percent) { return took[std::max<size_t>(1, (took.size() * percent + 99) / 100) - 1]; };
            std::cout << "xapian " << Xapian::version_string() << '\t' << set.first << '\t' << took.size() << '\t'
                      << sum / took.size() << '\t' << quantile(50) << '\t' << quantile(99) << '\t' << took.back() << '\t'
                      << results / took.size() << '\n';
        }
    } catch (const Xapian::Error &e) {
        std::cerr << "xapian: " << e.get_description() << '\n';
        return 1;
    }
}
