//! An HTTP client of the SDK that makes each attempt of a call a span for the traces.

use crate::traces::call_span;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::{RuntimeComponents, RuntimeComponentsBuilder};
use aws_smithy_types::config_bag::ConfigBag;
use tracing::Instrument as _;

/// Calls of one service. Standing under the client, it sees them all, whichever adapter makes them.
#[derive(Debug)]
pub(crate) struct Traced {
    pub(crate) inner: SharedHttpClient,
    pub(crate) service: &'static str,
}

impl HttpClient for Traced {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(TracedConnector { inner, service: self.service })
    }

    fn validate_base_client_config(
        &self,
        components: &RuntimeComponentsBuilder,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        self.inner.validate_base_client_config(components, config)
    }

    fn validate_final_config(
        &self,
        components: &RuntimeComponents,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        self.inner.validate_final_config(components, config)
    }
}

#[derive(Debug)]
struct TracedConnector {
    inner: SharedHttpConnector,
    service: &'static str,
}

impl HttpConnector for TracedConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let span = call_span(self.service, operation(&request));
        let (answer, called) = (self.inner.call(request), span.clone());
        let answered = async move {
            let answer = answer.await;
            if let Ok(response) = &answer {
                called.record("status", u64::from(response.status().as_u16()));
            }
            answer
        };
        HttpConnectorFuture::new(answered.instrument(span))
    }
}

/// The operation as the request spells it: in a header for DynamoDB and SQS, first in the form for SES, last in the path
/// for Bedrock.
fn operation(request: &HttpRequest) -> &str {
    if let Some((_, operation)) =
        request.headers().get("x-amz-target").and_then(|target| target.split_once('.'))
    {
        return operation;
    }
    let form = request.body().bytes().and_then(|body| body.strip_prefix(b"Action=")).unwrap_or_default();
    let action = form.split(|byte| *byte == b'&').next().and_then(|action| str::from_utf8(action).ok());
    match action.unwrap_or_default() {
        "" => request.uri().split('?').next().and_then(|path| path.rsplit('/').next()).unwrap_or_default(),
        action => action,
    }
}
