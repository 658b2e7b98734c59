// A scripted model behind Bedrock's own protocol: what it says of the contradictory deal is the same each time, and each
// quote is looked up among the sources that it was sent.
import { createServer } from 'node:http';

const SCRIPT = {
  answers: [{
    question: 'go_live',
    claims: [
      { text: 'February 28, 2027', quotes: ['So February 28, 2027?'] },
      { text: 'They close in August', quotes: ['words that stand nowhere'] },
    ],
  }],
  conflicts: [
    { question: 'go_live', kind: 'date', subject: 'Go-live date', versions: [
      { text: 'February 28', quotes: ['please put February 28 as the target date'] },
      { text: 'April 2027 at the earliest', quotes: ['go-live will be April 2027 at the earliest'] },
      { text: 'January 15, 2027', quotes: ['We need to be live by January 15, 2027'] },
    ] },
    { question: '', kind: 'number', subject: 'Seats on the order form', versions: [
      { text: '85 seats', quotes: ['85 seats, as discussed'] },
      { text: '120 seats', quotes: ['the price of 86,000 is based on 120 seats'] },
    ] },
  ],
  promises: [{ text: 'Send the plan on Friday', by: 'Ana Ellis', quotes: ['I will send the plan on Friday'] }],
};

/** The blocks of the request by their short names, and what the AE added. */
function read(asked) {
  const sources = new Map();
  for (const [, name, body] of asked.matchAll(/<<<(S\d+) \S+ [^\n]*\n([\s\S]*?)\n>>>\1 /g)) sources.set(name, body);
  const [, added] = /<<<ADDED \S+\n([\s\S]*?)\n>>>ADDED/.exec(asked) ?? [];
  return { sources, added };
}

function cited({ quotes, ...rest }, sources) {
  const place = (quote) => [...sources].find(([, body]) => body.includes(quote))?.[0] ?? 'S1';
  return { ...rest, citations: quotes.map((quote) => ({ source: place(quote), quote })) };
}

function answer({ sources, added }) {
  const all = (list) => list.map((one) => cited(one, sources));
  const answers = added ? [{ question: 'go_live', claims: [{ text: added, quotes: [added] }] }] : SCRIPT.answers;
  return {
    answers: answers.map((one) => ({ ...one, not_in_sources: false, claims: all(one.claims) })),
    conflicts: SCRIPT.conflicts.map((one) => ({ ...one, versions: all(one.versions) })),
    promises: all(SCRIPT.promises),
  };
}

/** Starts the model; the environment that makes a street use it, and how to stop it. */
export async function openModel() {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const asked = JSON.parse(body).messages.flatMap((message) => message.content).map((part) => part.text ?? '').join('\n');
    const text = JSON.stringify(answer(read(asked)));
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({
      output: { message: { role: 'assistant', content: [{ text }] } },
      stopReason: 'end_turn',
      usage: { inputTokens: 10, outputTokens: 5, totalTokens: 15 },
      metrics: { latencyMs: 1 },
    }));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const environment = {
    HANDOFF_DRAFTER: 'bedrock', BEDROCK_MODEL_ID: 'scripted-model', AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: `http://127.0.0.1:${server.address().port}`,
  };
  return { environment, stop: () => server.close() };
}
