#include "aws/profile_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sumac::aws {
namespace {

using testing::HasSubstr;
using testing::Not;

// Sections as one line: "profile dev: a=1 b=[c=2]; services x: ". A newline in a value shows as |.
void Show(const char* kind, const std::map<std::string, ProfileSection>& sections,
          std::string& out) {
  for (const auto& [name, section] : sections) {
    EXPECT_EQ(name, section.name());
    if (!out.empty()) out += "; ";
    out += std::string(kind) + " " + name + ":";
    for (const auto& [key, setting] : section.settings()) {
      out += " " + key + "=" + setting.value.Reveal();
      std::string nested;
      for (const auto& [inner, value] : setting.nested) {
        nested += (nested.empty() ? "" : ",") + inner + "=" + value.Reveal();
      }
      if (!nested.empty()) out += "[" + nested + "]";
    }
  }
}

std::string Parsed(const std::string& text, ProfileFileKind kind) {
  const auto sections = ParseProfileText(text, kind, "file");
  if (!sections) return sections.error().message;
  std::string out;
  Show("profile", sections->profiles, out);
  Show("sso", sections->sso_sessions, out);
  Show("services", sections->services, out);
  for (char& c : out) {
    if (c == '\n') c = '|';
  }
  return out;
}

struct Case {
  const char* text;
  const char* expected;
};

TEST(ProfileTextTest, SectionsOfTheConfigFile) {
  const Case cases[] = {
      {"", ""},
      {"\n \t\n", ""},
      {"[default]", "profile default:"},
      {"[ default ]\na=1", "profile default: a=1"},
      {"[profile dev]", "profile dev:"},
      {"[profile\tdev\t]", "profile dev:"},
      {"[  profile dev  ]", "profile dev:"},
      {"[profile a/b.c%d@e_f:g+h-1]", "profile a/b.c%d@e_f:g+h-1:"},
      {"[profile \"my team\"]\na=1", "profile my team: a=1"},
      {"[profile 'my team']", "profile my team:"},
      {"[profile d\xc3\xa9v]", "profile d\xc3\xa9v:"},
      {"[sso-session corp]\na=1", "sso corp: a=1"},
      {"[services local]\na=1", "services local: a=1"},
      {"[profile a] # why\n[profile b]; why\n[profile c]# why",
       "profile a:; profile b:; profile c:"},
      // Passed over with all that is in them.
      {"[dev]\na=1", ""},
      {"[profiledev]\na=1\n[profile b]", "profile b:"},
      {"[profile my team]\na=1", ""},
      {"[profile]\na=1", ""},
      {"[profile \"\"]\na=1", ""},
      {"[profile \"]\na=1", ""},
      {"[profile a\"b]\na=1", ""},
      {"[]\na=1", ""},
      {"[plugins]\na=1\n b\n[preview]\nc=\n d=1", ""},
      {"[profile a\x01]", ""},
      // Adding up.
      {"[profile a]\nx=1\n[profile b]\nx=2\n[profile a]\ny=3",
       "profile a: x=1 y=3; profile b: x=2"},
      {"[profile a]\nx=1\n[profile a]\nx=2", "profile a: x=2"},
      {"[default]\nx=1\n[profile default]\ny=2", "profile default: y=2"},
      {"[profile default]\ny=2\n[default]\nx=1\n[profile default]\nz=3",
       "profile default: y=2 z=3"},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(Parsed(text, ProfileFileKind::kConfig), expected) << text;
  }
}

TEST(ProfileTextTest, SectionsOfTheCredentialsFile) {
  const Case cases[] = {
      {"[default]\na=1", "profile default: a=1"},
      {"[ dev ]\na=1", "profile dev: a=1"},
      {"[my team]\na=1", "profile my team: a=1"},
      {"[sso-sessionx]\na=1", "profile sso-sessionx: a=1"},
      {"[profile]\na=1", "profile profile: a=1"},
      // These are the config file's.
      {"[profile dev]\na=1", ""},
      {"[sso-session corp]\na=1", ""},
      {"[services local]\na=1", ""},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(Parsed(text, ProfileFileKind::kCredentials), expected) << text;
  }
}

TEST(ProfileTextTest, Settings) {
  const Case cases[] = {
      {"a = 1", "a=1"},
      {"a=1\r\nb=2\r\n", "a=1 b=2"},
      {"a \t=  \t1 \t", "a=1"},
      {"AWS_Access_Key_ID = AKID", "aws_access_key_id=AKID"},
      {"a = b=c==", "a=b=c=="},
      {"a =", "a="},
      {"a = \xf0\x9f\x8c\xbf", "a=\xf0\x9f\x8c\xbf"},
      {"a = \xff\xfe", "a=\xff\xfe"},
      {"a=1\na=2", "a=2"},
      {"A=1\na=2", "a=2"},
      {"a=1 # why # not", "a=1"},
      {"a=1\t; why", "a=1"},
      {"a=1 ;", "a=1"},
      {"a=1;b#c", "a=1;b#c"},
      {"a=#1", "a=#1"},
      {"a= #1", "a="},
      {"# x\n; y\n#\n  # z\na=1\n # z\nb=2", "a=1 b=2"},
      {"no key = 1\nb=2", "b=2"},
      {"no key = 1\n more\nb=2", "b=2"},
      // Values over several lines.
      {"a=1\n -2", "a=1|-2"},
      {"a=1\n \t 2 \t\n\t3\nb=4", "a=1|2|3 b=4"},
      {"a=1\n\n \n 2", "a=1|2"},
      {"a=1\n 2 # kept", "a=1|2 # kept"},
      {"a=1\n b=2", "a=1|b=2"},
      {"a=1\n [2]", "a=1|[2]"},
      {"a=1\r\n 2\r\n", "a=1|2"},
      {"a=1\n # gone\n 2", "a=1|2"},
      // Blocks.
      {"s3 =\n b = 1", "s3=[b=1]"},
      {"s3 = # why\n  b = 1 # why\n\n  # why\n\tC = 2=3\nd=4", "d=4 s3=[b=1,c=2=3]"},
      {"s3 =\n b =", "s3=[b=]"},
      {"s3 =\n b = 1\n b = 2", "s3=[b=2]"},
      {"s3 =\n b = 1\ns3 =\n c = 2", "s3=[c=2]"},
      {"s3 =\n in valid = 1", "s3=[in valid=1]"},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(Parsed("[profile p]\n" + std::string(text), ProfileFileKind::kConfig),
              "profile p: " + std::string(expected))
        << text;
  }
}

TEST(ProfileTextTest, AZeroByteIsAByte) {
  const std::string text(
      "[default]\na=1\0"
      "2\n",
      15);
  EXPECT_EQ(Parsed(text, ProfileFileKind::kConfig), std::string("profile default: a=1\0"
                                                                "2",
                                                                22));
}

TEST(ProfileTextTest, AByteOrderMarkIsPassedOver) {
  EXPECT_EQ(Parsed("\xef\xbb\xbf[default]\na=1", ProfileFileKind::kConfig), "profile default: a=1");
}

TEST(ProfileTextTest, ASettingSaysWhereItStands) {
  const auto sections = ParseProfileText("# x\n[profile p]\na=1\n 2\nb=3\n[profile p]\na=4\n",
                                         ProfileFileKind::kConfig, "/home/ann/.aws/config");
  ASSERT_TRUE(sections);
  const ProfileSection& profile = sections->profiles.at("p");
  EXPECT_EQ(profile.Where("a"), "/home/ann/.aws/config:7");
  EXPECT_EQ(profile.Where("b"), "/home/ann/.aws/config:5");
  EXPECT_EQ(profile.Where("c"), "");
}

TEST(ProfileTextTest, RefusesWithTheLineAndWithoutItsText) {
  const Case cases[] = {
      {"hunter2", "file:1: this stands before the first [section]"},
      {"a = hunter2", "file:1: this stands before the first [section]"},
      {" hunter2", "file:1: this stands before the first [section]"},
      {"\n# x\n[profile p]\nhunter2", "file:4: this is not key = value"},
      {"[p]\nkey : hunter2", "file:2: this is not key = value"},
      {"[p]\nkey # = hunter2", "file:2: this is not key = value"},
      {"[p]\r\n\r\n= hunter2", "file:3: there is no key before the ="},
      {"[p]\na=\n hunter2", "file:3: this is not key = value"},
      {"[p]\na=\n = hunter2", "file:3: there is no key before the ="},
      {"[profile hunter2", "file:1: the section's name has no ] behind it"},
      {"[", "file:1: the section's name has no ] behind it"},
      {"[p] hunter2", "file:1: there is more than the section's name on its line"},
      {"[p]\n hunter2",
       "file:2: this line is indented, so it continues a setting, and there is none above"},
      {"[p]\na=1\n[p]\n hunter2",
       "file:4: this line is indented, so it continues a setting, and there is none above"},
      {"\xff\xfe[\x01", "file:1: the file is in UTF-16; save it as UTF-8"},
  };
  for (const auto& [text, expected] : cases) {
    for (const auto kind : {ProfileFileKind::kConfig, ProfileFileKind::kCredentials}) {
      const auto sections = ParseProfileText(text, kind, "file");
      ASSERT_FALSE(sections) << text;
      EXPECT_EQ(sections.error().code, ErrorCode::kInvalidArgument);
      EXPECT_EQ(sections.error().message, expected) << text;
      EXPECT_THAT(sections.error().message, Not(HasSubstr("hunter2")));
    }
  }
}

// A text at a bound, and the same with one line more.
void ExpectBound(const std::string& text, const std::string& line, const std::string& message) {
  EXPECT_TRUE(ParseProfileText(text, ProfileFileKind::kConfig, "file")) << message;
  const auto sections = ParseProfileText(text + line, ProfileFileKind::kConfig, "file");
  ASSERT_FALSE(sections) << message;
  EXPECT_EQ(sections.error().code, ErrorCode::kResourceExhausted);
  EXPECT_EQ(sections.error().message,
            "file: the file has more than " + message + "; name a smaller one in AWS_CONFIG_FILE");
}

TEST(ProfileTextTest, IsBounded) {
  ExpectBound("[default]\na=" + std::string(kProfileFileBytesMax - 12, 'x'), "x", "a mebibyte");

  std::string sections;
  for (size_t i = 0; i < kProfileSectionsMax; ++i) sections += "[p" + std::to_string(i) + "]\n";
  ExpectBound(sections, "[default]", "10000 sections");

  std::string settings = "[default]\nb=\n";
  for (size_t i = 1; i < kProfileSettingsMax; ++i) settings += " a=1\n";
  ExpectBound(settings, " a=1\n", "100000 settings");
}

// Lines that continue one value must not cost the value's length each.
TEST(ProfileTextTest, ManyLinesOfOneValue) {
  std::string text = "[default]\na=1\n";
  while (text.size() + 3 <= kProfileFileBytesMax) text += " 2\n";
  const auto sections = ParseProfileText(text, ProfileFileKind::kConfig, "file");
  ASSERT_TRUE(sections);
  EXPECT_GT(sections->profiles.at("default").Get("a")->size(), 690'000u);
}

}  // namespace
}  // namespace sumac::aws
