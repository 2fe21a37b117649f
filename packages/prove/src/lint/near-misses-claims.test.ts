import { approval, github, gitlab, NIGHTLY, nearMisses, policy, request } from './near-miss.test.ts';

nearMisses({
  'W006 pinning': [
    ['an environment', [github('repository_id: "1", environment: production')], []],
    ['an environment by its beginning', [github('repository_id: "1", environment: { like: "prod-*" }')], []],
    ['any environment', [github('repository_id: "1", environment: { like: "*" }')], ['W006']],
    ['a branch', [github('repository_id: "1", ref: refs/heads/main')], []],
    [
      'branches by their beginning',
      [github('repository_id: "1", ref: { like: "refs/heads/release-*" }')],
      [],
    ],
    ['any branch', [github('repository_id: "1", ref: { like: "refs/heads/*" }')], ['W006']],
    ['any branch below a folder', [github('repository_id: "1", ref: { like: "refs/heads/release/*" }')], []],
    ['any tag', [github('repository_id: "1", ref: { like: "refs/tags/*" }')], ['W006']],
    ['any pull request', [github('repository_id: "1", ref: { like: "refs/pull/*/merge" }')], ['W006']],
    [
      'a workflow of one branch',
      [github('repository_id: "1", workflow_ref: "a/b/.github/workflows/c.yml@refs/heads/main"')],
      [],
    ],
    [
      'a workflow of any branch',
      [github('repository_id: "1", workflow_ref: { like: "a/b/.github/workflows/c.yml@refs/heads/*" }')],
      ['W006'],
    ],
    [
      'any workflow of one branch',
      [github('repository_id: "1", workflow_ref: { like: "a/b/.github/workflows/*@refs/heads/main" }')],
      [],
    ],
    ['nothing but the environment', [github('environment: production')], ['W006']],
    ['one organisation', [github('repository_owner_id: "7", environment: production')], ['W006']],
    [
      '`sub`, which the repository can configure',
      [github('sub: "repo:acme/reports:environment:production"')],
      ['W006'],
    ],
    ['two repositories', [github('repository_id: { one-of: ["1", "2"] }, environment: production')], []],
    ['an id that begins so', [github('repository_id: { like: "55-*" }, environment: production')], ['W006']],
    [
      'what the policy pins',
      [github('environment: production'), policy(`evidence.github.repository_id == "1" && ${NIGHTLY}`)],
      [],
    ],
    [
      'what the policy does not pin',
      [github('environment: production'), policy(`evidence.github.repository_id != "1" && ${NIGHTLY}`)],
      ['W006'],
    ],
    ['a project of GitLab and its branch', [gitlab('project_id: "20", ref: main')], []],
    ['any branch of a project of GitLab', [gitlab('project_id: "20", ref_protected: "true"')], ['W006']],
    ['any project of GitLab', [gitlab('ref: main')], ['W006']],
  ],
  'W007 names': [
    ['an id alone', [github('repository_id: "1", environment: production')], []],
    ['a name alone', [github('repository: acme/reports, environment: production')], ['W007']],
    [
      'a name in the policy',
      [github('environment: production'), policy(`evidence.github.repository == "a/b" && ${NIGHTLY}`)],
      ['W007'],
    ],
    [
      'a name and its id, one in the policy',
      [
        github('repository: a/b, environment: production'),
        policy(`evidence.github.repository_id == "1" && ${NIGHTLY}`),
      ],
      [],
    ],
    [
      'an owner by name beside a repository by id',
      [github('repository_id: "1", repository_owner: acme, environment: production')],
      [],
    ],
    ['a project by its path', [gitlab('project_path: acme/reports, ref: main')], ['W007']],
  ],
  'W008 wildcards': [
    ['after a separator', [github('repository_id: "1", ref: { like: "refs/heads/release-*" }')], []],
    ['after a letter', [github('repository_id: "1", ref: { like: "refs/heads/rel*" }')], ['W008']],
    ['before a letter', [github('repository_id: "1", ref: { like: "refs/heads/*main" }')], ['W008']],
    [
      'a segment by itself',
      [github('repository_id: "1", environment: production, ref: { like: "refs/heads/*" }')],
      [],
    ],
    ['a `like` over a ref', [policy(`${NIGHTLY} && evidence.github.ref like "refs/heads/*"`)], ['W008']],
    [
      'a `like` over what has no segments',
      [policy(`${NIGHTLY} && evidence.github.event_name like "sched*"`)],
      [],
    ],
    ['a `like` without a wildcard', [policy(`${NIGHTLY} && evidence.github.ref like "refs/heads/main"`)], []],
    [
      'a `like` that says it crosses',
      [
        policy(`${NIGHTLY} && evidence.github.ref like "refs/heads/*"`).replace(
          'when',
          'crosses-segments: true, when',
        ),
      ],
      [],
    ],
    ['in an approval', [approval('identity.uri like "spiffe://acme.example/*"')], ['W008']],
  ],
  'W023 absence': [
    [
      'the protected alone',
      [policy(NIGHTLY, '!(evidence.github has ref_protected && evidence.github.ref_protected == "true")')],
      [],
    ],
    [
      'all but the unprotected',
      [policy(NIGHTLY, 'evidence.github has ref_protected && evidence.github.ref_protected == "false"')],
      ['W023'],
    ],
    ['whatever there is', [policy(NIGHTLY, 'evidence.github has head_ref')], []],
    [
      'absent, or the right one',
      [
        policy(
          `${NIGHTLY} && (if evidence.github has actor_id then evidence.github.actor_id == "1" else true)`,
        ),
      ],
      ['W023'],
    ],
    [
      'there, and the right one',
      [policy(`${NIGHTLY} && evidence.github has actor_id && evidence.github.actor_id == "1"`)],
      [],
    ],
    [
      'an approval for the unprotected',
      [approval('evidence.github has ref_type && evidence.github.ref_type != "branch"')],
      ['W023'],
    ],
    [
      'an approval unless it is protected',
      [approval('!(evidence.github has ref_type && evidence.github.ref_type == "branch")')],
      [],
    ],
    [
      'a field that whoever asks may leave out',
      [
        `${request('ttl: { max: 5m }')}\n  fields: { to: { type: string, required: false } }`,
        policy(NIGHTLY, 'request has to && request.to == "us"'),
      ],
      [],
    ],
    [
      'an attribute of some kinds of identity',
      [
        request('ttl: { max: 5m }').replace('[workload]', '[workload, device]'),
        policy(NIGHTLY, 'identity has trust_anchor && identity.trust_anchor != "ca/eu"'),
      ],
      ['W023'],
    ],
  ],
  'W035 lapses': [
    ['not open', [approval('facts.change_window != "open"')], []],
    ['closed', [approval('facts.change_window == "closed"')], ['W035']],
    [
      'closed, and open is named in passing',
      [
        approval(
          'facts.change_window == "closed" || (facts.change_window == "open" && identity.purpose == "x")',
        ),
      ],
      [],
    ],
    ['a claim', [approval('evidence.github.runner_environment == "github-hosted"')], ['W035']],
    [
      'a claim by the value that needs nobody',
      [approval('evidence.github.runner_environment != "self-hosted"')],
      [],
    ],
    [
      'a field of the request is closed',
      [
        `${request('ttl: { max: 5m }')}\n  fields: { to: { type: string, one-of: [test, production], required: true } }`,
        approval('request.to == "production"'),
      ],
      [],
    ],
    [
      'a claim that is pinned',
      [
        github('repository_id: "1", environment: production, runner_environment: self-hosted'),
        approval('evidence.github.runner_environment != "self-hosted" || true'),
      ],
      [],
    ],
  ],
});
