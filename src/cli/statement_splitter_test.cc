#include "cli/statement_splitter.h"

#include <gtest/gtest.h>

namespace sumac::cli {
namespace {

struct SplitCase {
  const char* sql;
  std::vector<std::string> statements;
  const char* rest;
  bool rest_complete = true;
};

const SplitCase kCases[] = {
    {"", {}, ""},
    {"SELECT 1", {}, "SELECT 1"},
    {"SELECT 1;", {"SELECT 1"}, ""},
    {" SELECT 1 ; SELECT 2 ", {"SELECT 1"}, "SELECT 2"},
    {";;", {}, ""},
    {"SELECT ';' AS a; b", {"SELECT ';' AS a"}, "b"},
    {"SELECT 'it''s; fine';", {"SELECT 'it''s; fine'"}, ""},
    {"SELECT e'it\\'s;' AS q; b", {"SELECT e'it\\'s;' AS q"}, "b"},
    {"SELECT E'a\\\\'; b", {"SELECT E'a\\\\'"}, "b"},
    {"SELECT code'a\\'; b", {"SELECT code'a\\'"}, "b"},
    {"SELECT e'open\\';", {}, "SELECT e'open\\';", false},
    {"SELECT \"a;b\";", {"SELECT \"a;b\""}, ""},
    {"SELECT 'open;", {}, "SELECT 'open;", false},
    {"SELECT 1 -- a; b\n;", {"SELECT 1 -- a; b"}, ""},
    {"-- only a comment", {}, ""},
    {"-- c\n;", {}, ""},
    {"/* a; /* b; */ c; */ SELECT 1;", {"/* a; /* b; */ c; */ SELECT 1"}, ""},
    {"SELECT /* open", {}, "SELECT /* open", false},
    {"/* open", {}, "", false},
    {"SELECT $$a;b$$;", {"SELECT $$a;b$$"}, ""},
    {"SELECT $t$a;$$;b$t$;", {"SELECT $t$a;$$;b$t$"}, ""},
    {"SELECT $1; SELECT $2", {"SELECT $1"}, "SELECT $2"},
    {"SELECT $$open;", {}, "SELECT $$open;", false},
    {"SELECT 1 - -1; --", {"SELECT 1 - -1"}, ""},
};

TEST(StatementSplitter, CutsAtSemicolonsThatEndStatements) {
  for (const auto& one : kCases) {
    SCOPED_TRACE(one.sql);
    const auto split = SplitStatements(one.sql);
    EXPECT_EQ(split.statements, one.statements);
    EXPECT_EQ(split.rest, one.rest);
    EXPECT_EQ(split.rest_complete, one.rest_complete);
  }
}

}  // namespace
}  // namespace sumac::cli
