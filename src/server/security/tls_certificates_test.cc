#include "server/security/tls_certificates.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "server/security/test_certificate.h"

namespace sumac::server {
namespace {

using std::chrono::milliseconds;

class TlsCertificatesTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "sumac_tls_" +
              testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::create_directories(folder_);
    Write(first_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Path(const std::string& name) const { return folder_ + "/" + name; }
  void WriteFile(const std::string& name, const std::string& text) {
    std::ofstream(Path(name), std::ios::binary) << text;
  }
  void Write(const TestCertificate& pair) {
    WriteFile("cert.pem", pair.certificate);
    WriteFile("key.pem", pair.key);
  }
  Result<std::shared_ptr<TlsCertificates>> FromFiles() {
    return TlsCertificates::Create({"", Path("cert.pem"), {}, Path("key.pem")}, clock_);
  }

  std::string folder_;
  const TestCertificate first_ = MakeTestCertificate("first");
  const TestCertificate second_ = MakeTestCertificate("second");
  std::shared_ptr<ManualClock> clock_ =
      std::make_shared<ManualClock>(std::chrono::system_clock::now());
};

TEST_F(TlsCertificatesTest, FollowsTheFilesOnceASecond) {
  const auto certificates = FromFiles().value();
  const auto first = certificates->Current();
  EXPECT_EQ(first->certificate_chain, first_.certificate);
  EXPECT_EQ(first->private_key.Reveal(), first_.key);
  Write(second_);
  EXPECT_EQ(certificates->Current(), first);
  clock_->Advance(milliseconds(1000));
  const auto second = certificates->Current();
  EXPECT_EQ(second->certificate_chain, second_.certificate);
  EXPECT_NE(second->version, first->version);
  // Who has the old one keeps it.
  EXPECT_EQ(first->certificate_chain, first_.certificate);
  clock_->Advance(milliseconds(1000));
  EXPECT_EQ(certificates->Current(), second);
}

TEST_F(TlsCertificatesTest, ABrokenPairKeepsTheOldOne) {
  const auto certificates = FromFiles().value();
  const auto first = certificates->Current();
  for (const auto& broken : {second_.certificate, std::string("nothing"), std::string()}) {
    // The key is still that of the first.
    WriteFile("cert.pem", broken);
    clock_->Advance(milliseconds(1000));
    EXPECT_EQ(certificates->Current(), first);
  }
  std::filesystem::remove(Path("cert.pem"));
  clock_->Advance(milliseconds(1000));
  EXPECT_EQ(certificates->Current(), first);
  Write(second_);
  clock_->Advance(milliseconds(1000));
  EXPECT_EQ(certificates->Current()->certificate_chain, second_.certificate);
}

TEST_F(TlsCertificatesTest, GoesOnWithAnotherSource) {
  const auto certificates =
      TlsCertificates::Create({first_.certificate, "", SecretString(first_.key), ""}, clock_)
          .value();
  const auto first = certificates->Current();
  EXPECT_FALSE(
      certificates->Replace({second_.certificate, "", SecretString(first_.key), ""}).has_value());
  EXPECT_EQ(certificates->Current(), first);
  ASSERT_TRUE(
      certificates->Replace({second_.certificate, "", SecretString(second_.key), ""}).has_value());
  EXPECT_EQ(certificates->Current()->certificate_chain, second_.certificate);
  EXPECT_NE(certificates->Current()->version, first->version);
}

TEST_F(TlsCertificatesTest, TakesAChain) {
  WriteFile("cert.pem", first_.certificate + second_.certificate);
  EXPECT_TRUE(FromFiles().has_value());
  // The server's own has to be the first.
  WriteFile("cert.pem", second_.certificate + first_.certificate);
  EXPECT_FALSE(FromFiles().has_value());
}

TEST_F(TlsCertificatesTest, SaysWhatIsWrong) {
  const auto message = [this](const std::string& certificate, const std::string& key) {
    WriteFile("cert.pem", certificate);
    WriteFile("key.pem", key);
    const auto made = FromFiles();
    return made ? std::string("fine") : made.error().message;
  };
  EXPECT_EQ(message(first_.certificate, first_.key), "fine");
  EXPECT_EQ(message("", first_.key),
            "the TLS certificate in '" + Path("cert.pem") + "' is not one in PEM");
  EXPECT_EQ(message(first_.key, first_.key),
            "the TLS certificate in '" + Path("cert.pem") + "' is not one in PEM");
  EXPECT_EQ(
      message(first_.certificate + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
              first_.key),
      "the TLS certificate in '" + Path("cert.pem") + "' is not one in PEM from its second on");
  EXPECT_EQ(message(first_.certificate, "x"),
            "the TLS key in '" + Path("key.pem") + "' is not a private key in PEM");
  EXPECT_EQ(message(first_.certificate, second_.key),
            "the TLS key in '" + Path("key.pem") + "' is not that of the first certificate in '" +
                Path("cert.pem") + "'");
  std::filesystem::remove(Path("key.pem"));
  EXPECT_EQ(FromFiles().error().message,
            "the TLS key cannot be read from the file '" + Path("key.pem") + "'");
  EXPECT_EQ(FromFiles().error().code, ErrorCode::kNotFound);
}

Result<std::shared_ptr<TlsCertificates>> Load(const std::string& runtime, const std::string& folder,
                                              const TlsOverrides& overrides = {},
                                              std::map<std::string, std::string> environment = {}) {
  const auto loaded =
      spicepod::ParseSpicepod("version: v1\nkind: Spicepod\nname: p\n" + runtime, "p.yaml", folder);
  EXPECT_TRUE(loaded.has_value()) << loaded.error().message;
  return LoadTlsCertificates(loaded->pod, environment, overrides,
                             std::make_shared<ManualClock>(std::chrono::system_clock::now()));
}

TEST_F(TlsCertificatesTest, ComeFromTheSpicepodOrTheCommandLine) {
  const std::string files =
      "runtime: {tls: {enabled: true, certificate_file: cert.pem, key_file: key.pem}}";
  EXPECT_EQ(Load("", folder_).value(), nullptr);
  EXPECT_EQ(Load("runtime: {tls: {certificate_file: gone.pem}}", folder_).value(), nullptr);
  EXPECT_NE(Load(files, folder_).value(), nullptr);
  EXPECT_EQ(Load(files, folder_, {.enabled = false}).value(), nullptr);
  const auto from_secrets =
      Load("runtime: {tls: {enabled: true, certificate: '${env:c}', key: '${secrets:k}'}}", folder_,
           {}, {{"C", first_.certificate}, {"K", first_.key}});
  EXPECT_EQ(from_secrets.value()->Current()->private_key.Reveal(), first_.key);
  Write(second_);
  WriteFile("other.pem", first_.certificate);
  WriteFile("other.key", first_.key);
  const auto overridden =
      Load(files, folder_, {.certificate_file = Path("other.pem"), .key_file = Path("other.key")});
  EXPECT_EQ(overridden.value()->Current()->certificate_chain, first_.certificate);
  EXPECT_NE(
      Load("", folder_, {.certificate_file = Path("other.pem"), .key_file = Path("other.key")})
          .value(),
      nullptr);
}

TEST_F(TlsCertificatesTest, SaysWhatTheSpicepodLacks) {
  const std::pair<const char*, const char*> cases[] = {
      {"enabled: true",
       "p.yaml:4:16: runtime.tls: TLS needs either 'certificate_file' or 'certificate'"},
      {"enabled: true, certificate_file: cert.pem",
       "p.yaml:4:16: runtime.tls: TLS needs either 'key_file' or 'key'"},
      {"enabled: true, certificate_file: cert.pem, certificate: x, key_file: key.pem",
       "p.yaml:4:16: runtime.tls: TLS needs only one of 'certificate_file' and 'certificate'"},
      {"enabled: true, certificate: x, key_file: key.pem",
       "p.yaml:4:16: runtime.tls: the TLS certificate is not one in PEM"},
  };
  for (const auto& [tls, message] : cases) {
    const auto loaded = Load(std::string("runtime: {tls: {") + tls + "}}", folder_);
    ASSERT_FALSE(loaded.has_value());
    EXPECT_EQ(loaded.error().message, message);
  }
  EXPECT_EQ(Load("", folder_, {.enabled = true}).error().message,
            "--tls: TLS needs either 'certificate_file' or 'certificate'");
}

}  // namespace
}  // namespace sumac::server
