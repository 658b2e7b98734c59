//! AWS configuration by hand: one HTTP client on ring with Amazon's roots embedded, explicit timeouts, endpoints from
//! the environment. The SDK's own loader costs ten times the cold start (docs/adr/0002).

use crate::environment::{ConfigError, Environment};
use crate::traced::Traced;
use crate::traces;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use aws_types::region::Region;
use std::time::Duration;

/// Amazon Root CA 1 to 4 and Starfield Services G2: what AWS's own endpoints chain to.
/// Source: <https://www.amazontrust.com/repository/>.
const AMAZON_ROOTS: &[u8] = include_bytes!("amazon-roots.pem");

/// The services that we call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// The table.
    DynamoDb,
    /// The queues.
    Sqs,
    /// Mail.
    Ses,
    /// The model.
    BedrockRuntime,
}

impl Service {
    /// The name that the traces' map shows.
    fn name(self) -> &'static str {
        match self {
            Self::DynamoDb => "DynamoDB",
            Self::Sqs => "SQS",
            Self::Ses => "SES",
            Self::BedrockRuntime => "BedrockRuntime",
        }
    }

    fn endpoint_variable(self) -> &'static str {
        match self {
            Self::DynamoDb => "AWS_ENDPOINT_URL_DYNAMODB",
            Self::Sqs => "AWS_ENDPOINT_URL_SQS",
            Self::Ses => "AWS_ENDPOINT_URL_SES",
            Self::BedrockRuntime => "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
        }
    }
}

/// How long a call may take. The SDK itself would wait for ever.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// To connect.
    pub connect: Duration,
    /// For one attempt.
    pub attempt: Duration,
    /// For all attempts together.
    pub operation: Duration,
    /// Attempts in all; 1 means no retry.
    pub attempts: u32,
}

impl Timeouts {
    /// For a call that a person waits for: 0.8 s an attempt, 2 s in all.
    pub const INTERACTIVE: Self = Self {
        connect: Duration::from_millis(600),
        attempt: Duration::from_millis(800),
        operation: Duration::from_secs(2),
        attempts: 3,
    };

    /// For a worker's call: 3 s an attempt, 10 s in all.
    pub const WORKER: Self = Self {
        connect: Duration::from_secs(2),
        attempt: Duration::from_secs(3),
        operation: Duration::from_secs(10),
        attempts: 4,
    };
}

/// Region, credentials, endpoints and the one HTTP client of a process.
#[derive(Debug, Clone)]
pub struct Aws {
    region: Region,
    credentials: SharedCredentialsProvider,
    http: SharedHttpClient,
    environment: Environment,
}

impl Aws {
    /// Reads `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN` (Lambda sets all four for
    /// the life of the sandbox) and `HANDOFF_CA_FILE`, a file of further trusted roots in PEM, for tests.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        let reader = environment.reader();
        let region = reader.required("AWS_REGION");
        let credentials = Credentials::new(
            reader.required("AWS_ACCESS_KEY_ID"),
            reader.required("AWS_SECRET_ACCESS_KEY"),
            reader.optional("AWS_SESSION_TOKEN"),
            None,
            "environment",
        );
        let roots = trusted_roots(&reader);
        let tls = TlsContext::builder().with_trust_store(roots).build();
        if tls.is_err() {
            reader.complain("HANDOFF_CA_FILE holds no usable certificates");
        }
        let tls = reader.finish(tls.ok())?;
        let http =
            Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).tls_context(tls).build_https();
        Ok(Self {
            region: Region::new(region),
            credentials: SharedCredentialsProvider::new(credentials),
            http,
            environment: environment.clone(),
        })
    }

    fn http(&self, service: Service) -> SharedHttpClient {
        let inner = self.http.clone();
        match traces::daemon(&self.environment) {
            Some(_) => SharedHttpClient::new(Traced { inner, service: service.name() }),
            None => inner,
        }
    }

    /// The configuration of one service's client.
    pub fn config(&self, service: Service, timeouts: Timeouts) -> SdkConfig {
        let endpoint =
            self.environment.get(service.endpoint_variable()).or(self.environment.get("AWS_ENDPOINT_URL"));
        let retry = RetryConfig::standard()
            .with_max_attempts(timeouts.attempts)
            .with_initial_backoff(Duration::from_millis(50))
            .with_max_backoff(Duration::from_secs(2));
        let timeout = TimeoutConfig::builder()
            .connect_timeout(timeouts.connect)
            .operation_attempt_timeout(timeouts.attempt)
            .operation_timeout(timeouts.operation)
            .build();
        let mut builder = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(self.region.clone())
            .credentials_provider(self.credentials.clone())
            .http_client(self.http(service))
            .sleep_impl(TokioSleep::new())
            .retry_config(retry)
            .timeout_config(timeout)
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        builder.set_endpoint_url(endpoint.map(str::to_owned));
        builder.build()
    }
}

fn trusted_roots(reader: &crate::environment::Reader<'_>) -> TrustStore {
    let roots = TrustStore::empty().with_pem_certificate(AMAZON_ROOTS);
    let Some(path) = reader.optional("HANDOFF_CA_FILE") else { return roots };
    match std::fs::read(path) {
        Ok(more) => roots.with_pem_certificate(more),
        Err(_) => {
            reader.complain("HANDOFF_CA_FILE cannot be read");
            roots
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(extra: &[(&str, &str)]) -> Environment {
        let mut environment = Environment::from_pairs([
            ("AWS_REGION", "eu-central-1"),
            ("AWS_ACCESS_KEY_ID", "id"),
            ("AWS_SECRET_ACCESS_KEY", "key"),
        ]);
        for (name, value) in extra {
            environment.set(*name, *value);
        }
        environment
    }

    #[test]
    fn a_services_own_endpoint_wins_over_the_common_one() {
        let pairs = [("AWS_ENDPOINT_URL", "http://all"), ("AWS_ENDPOINT_URL_SQS", "http://sqs")];
        let aws = Aws::from_environment(&environment(&pairs)).unwrap();
        let url = |service| aws.config(service, Timeouts::WORKER).endpoint_url().map(str::to_owned);
        assert_eq!(url(Service::Sqs).as_deref(), Some("http://sqs"));
        assert_eq!(url(Service::Ses).as_deref(), Some("http://all"));
    }

    #[test]
    fn a_process_without_credentials_is_told_all_of_it() {
        let error = Aws::from_environment(&Environment::default()).unwrap_err();
        assert_eq!(error.problems.len(), 3);
    }
}
