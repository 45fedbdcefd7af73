// Boost.JSON without its shared library: its definitions are compiled here, once.
#include <boost/json/src.hpp>
