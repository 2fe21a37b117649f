/** Written from the description of the API; `npm run fix:wire` writes it again. */

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  /** stable: for programs */
  readonly code:
    | 'malformed'
    | 'invalid'
    | 'not-signed-in'
    | 'refused'
    | 'unknown'
    | 'method-not-allowed'
    | 'conflict'
    | 'contention'
    | 'flow-changed'
    | 'stale'
    | 'too-large'
    | 'not-json'
    | 'key-reused'
    | 'not-signed'
    | 'verification-failed'
    | 'unforeseen'
    | 'unsupported'
    | 'unavailable';
  /** the rule that decided */
  readonly rule?: string;
  readonly reasons?: readonly Reason[];
  readonly help?: string;
  /** what `writ explain` takes */
  readonly writ_ref?: string;
}

export interface Reason {
  readonly stage: string;
  /** the rule that decided */
  readonly rule: string;
  readonly message: string;
  readonly claim?: string;
  /** your own value, never the expected one */
  readonly value?: string;
  readonly help?: string;
}

/** an identity that is asked for, or a change to one */
export interface AskedIdentity {
  /** the flow to ask through: `identity-issue` */
  readonly flow: string;
  readonly identity: ProposedIdentity;
  /** the revision that a change is meant for */
  readonly replaces?: number | null;
  /** what it will talk to */
  readonly audience: string;
  /** what it may do there, at least one */
  readonly scopes: readonly string[];
  /** what the flow asks beside: `writ flow show` lists them */
  readonly fields?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
}

export interface ProposedIdentity {
  /** a short name such as `svc-reporting` */
  readonly name: string;
  /** one of workload, service-account, device, agent, integration */
  readonly kind: 'workload' | 'service-account' | 'device' | 'agent' | 'integration';
  /** who answers for it: `user:…` or `group:…` */
  readonly owner: string;
  /** who answers for it when the owner is away: `user:…` or `group:…` */
  readonly deputy: string;
  /** what it is for, in a sentence */
  readonly purpose: string;
  /** where it runs: `production`, `staging`, … */
  readonly environment: string;
  /** when it ends, in UTC: `2027-06-30T00:00:00Z` */
  readonly expires: string;
  readonly attributes?: KindAttributes;
  /** keys that it authenticates with as an OAuth client */
  readonly keys?: readonly PublicJwk[];
}

/** what only one kind of identity has */
export interface KindAttributes {
  /** the serial number of a device */
  readonly serial?: string;
  /** who vouches for the keys of a device */
  readonly trust_anchor?: string;
  /** who is at the other end of an integration */
  readonly partner?: string;
  /** whom to reach at the other end of an integration */
  readonly contact?: string;
  /** the addresses that an integration comes from */
  readonly egress?: string;
  /** the boundary of what an agent does */
  readonly task?: string;
  /** the data that an agent works on */
  readonly data_sets?: readonly string[];
  /** the commands that an agent may run */
  readonly commands?: readonly string[];
}

/** the public half of a key; the private one stays where it is */
export interface PublicJwk {
  /** `EC`, `OKP` or `RSA` */
  readonly kty: string;
  /** the name that it is known by */
  readonly kid: string;
  /** the algorithm that it is for */
  readonly alg?: string;
  /** `sig` */
  readonly use?: string;
  /** its curve */
  readonly crv?: string;
  /** base64url */
  readonly x?: string;
  /** base64url */
  readonly y?: string;
  /** base64url */
  readonly n?: string;
  /** base64url */
  readonly e?: string;
}

/** everything an approver is given */
export interface Run {
  readonly run: string;
  readonly flow: string;
  /** its short name */
  readonly identity: string;
  readonly state: 'waiting' | 'issued' | 'refused' | 'denied' | 'cancelled' | 'expired';
  /** `user:…`; null where a machine asked */
  readonly requester: string | null;
  /** when it was asked */
  readonly openedAt: string;
  /** when it ends unless it is decided; null where nothing is waited for */
  readonly dueAt: string | null;
  /** SHA-256 of the canonical form of `planJson`, hexadecimal */
  readonly plan: string;
  /** what is approved; compute its digest again */
  readonly planJson: unknown;
  readonly flowVersion: number;
  readonly purpose: string;
  readonly owner: string;
  readonly proven: readonly {
    readonly proof: string;
    readonly anchor: string;
    readonly claims: Readonly<Record<string, string>>;
  }[];
  /** what sources gave */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly obligations: readonly AssignedObligation[];
  readonly approvals: readonly Approval[];
  readonly changes: readonly Change[];
  readonly similar: {
    readonly identities: number;
    readonly beyond: readonly string[];
  };
  readonly nearMisses: readonly {
    readonly rule: string;
    readonly message: string;
  }[];
  readonly blastRadius: {
    readonly audiences: readonly string[];
    readonly scopes: readonly string[];
    readonly environments: readonly string[];
    readonly liveCredentials: number;
    readonly rights: readonly string[];
  };
  /** of a proposed artefact set: flow by flow, what it changes; else null */
  readonly change: unknown;
  readonly controls: readonly Control[];
  readonly reasons: readonly Reason[];
}

export interface AssignedObligation {
  readonly kind: 'approval' | 'confirmation';
  readonly rule: string;
  /** `group:…`, `owner`, `proof:…` */
  readonly from: string;
  readonly count: number;
  readonly missing: number;
  readonly factor: string | null;
  /** who is excluded */
  readonly not: readonly string[];
  /** until when it can be met */
  readonly expires: string;
  /** why nobody can meet it as things are */
  readonly unsatisfiable: string | null;
  /** what is to be signed, hexadecimal */
  readonly digest: string;
  /** what a standing approval covers; it is signed instead of the plan */
  readonly envelope: Envelope | null;
  readonly assignee: string;
  /** whether it waits for you */
  readonly mine: boolean;
}

/** what a standing approval covers; it is signed instead of the plan */
export interface Envelope {
  /** its URI */
  readonly identity: string;
  readonly revision: number;
  /** SHA-256 of its text, hexadecimal */
  readonly flow: string;
  readonly audience: string;
  readonly scopes: readonly string[];
  /** seconds */
  readonly ttl: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface Approval {
  readonly rule: string;
  readonly person: string;
  readonly decision: 'approve' | 'deny' | 'confirm';
  /** when it was decided */
  readonly at: string;
  /** its entry in the ledger */
  readonly index: number;
  readonly reason: string | null;
}

export interface Change {
  readonly member: string;
  readonly before: unknown;
  readonly after: unknown;
}

export interface Control {
  readonly pack: string;
  readonly control: string;
  readonly aliases: readonly string[];
  readonly title: string;
  readonly outcome: 'pass' | 'fail' | 'not-applicable';
  readonly because: string;
}

export interface Preview {
  readonly outcome: 'waiting' | 'issue' | 'refused';
  readonly reasons: readonly Reason[];
  readonly obligations: readonly Obligation[];
  readonly changes: readonly Change[];
  readonly controls: readonly Control[];
}

export interface Obligation {
  readonly kind: 'approval' | 'confirmation';
  readonly rule: string;
  /** `group:…`, `owner`, `proof:…` */
  readonly from: string;
  readonly count: number;
  readonly missing: number;
  readonly factor: string | null;
  /** who is excluded */
  readonly not: readonly string[];
  /** until when it can be met */
  readonly expires: string;
  /** why nobody can meet it as things are */
  readonly unsatisfiable: string | null;
  /** what is to be signed, hexadecimal */
  readonly digest: string;
  /** what a standing approval covers; it is signed instead of the plan */
  readonly envelope: Envelope | null;
}

export interface RunPage {
  readonly runs: readonly RunSummary[];
  /** `after` of the next page */
  readonly next: string | null;
}

export interface RunSummary {
  readonly run: string;
  readonly flow: string;
  /** its short name */
  readonly identity: string;
  readonly state: 'waiting' | 'issued' | 'refused' | 'denied' | 'cancelled' | 'expired';
  /** `user:…`; null where a machine asked */
  readonly requester: string | null;
  /** when it was asked */
  readonly openedAt: string;
  /** when it ends unless it is decided; null where nothing is waited for */
  readonly dueAt: string | null;
}

export interface ToDecide {
  /** the rule that demands it, as the obligation names it */
  readonly rule: string;
  /** what you want to sign */
  readonly decision: 'approve' | 'confirm';
}

export interface Challenge {
  /** base64url; good once, for five minutes */
  readonly nonce: string;
  /** base64url: what the passkey signs */
  readonly challenge: string;
  /** hexadecimal: of the plan, or of the envelope */
  readonly digest: string;
  readonly rpId: string;
  /** the credential ids of your passkeys */
  readonly allow: readonly string[];
  readonly view: Run;
}

export interface SignedDecision {
  /** the rule that demands it, as the obligation names it */
  readonly rule: string;
  /** that of the challenge */
  readonly nonce: string;
  readonly assertion: Assertion;
}

/** WebAuthn Level 3, section 5.2.2 */
export interface Assertion {
  /** the credential id */
  readonly authenticator: string;
  /** as the browser gives it */
  readonly clientDataJson: string;
  /** as the browser gives it */
  readonly authenticatorData: string;
  /** as the browser gives it */
  readonly signature: string;
}

export interface Denial {
  /** the rule that demands it, as the obligation names it */
  readonly rule: string;
  /** why, in a sentence; it is recorded */
  readonly reason: string;
}

/** either `files`, or `rollback`: a set that was in force before */
export interface ProposedChange {
  /** what it is for, in a sentence */
  readonly summary: string;
  /** of an artefact set, hexadecimal */
  readonly base?: string | null;
  /** every artefact there is to be */
  readonly files?: readonly {
    /** below the directory */
    readonly path: string;
    readonly text: string;
  }[];
  /** of an artefact set, hexadecimal */
  readonly rollback?: string;
}

export interface ArtefactsInForce {
  /** of the set, hexadecimal */
  readonly hash: string;
  readonly files: readonly {
    readonly path: string;
    readonly text: string;
  }[];
}

export interface Inbox {
  readonly items: readonly InboxItem[];
}

export interface InboxItem {
  readonly run: string;
  readonly rule: string;
  readonly kind: 'approval' | 'confirmation' | 'review' | 'notice';
  readonly identity: string;
  readonly flow: string;
  readonly requester: string | null;
  readonly assignee: string;
  /** since when it waits */
  readonly openedAt: string;
  /** until when it can be decided */
  readonly dueAt: string | null;
  /** why it is in this list */
  readonly because: string;
}

export interface IdentityPage {
  readonly identities: readonly Identity[];
  /** `after` of the next page */
  readonly next: string | null;
}

export interface Identity {
  /** its short name, which is its OAuth `client_id` */
  readonly name: string;
  /** its SPIFFE ID */
  readonly uri: string;
  readonly kind: 'workload' | 'service-account' | 'device' | 'agent' | 'integration';
  readonly status: string;
  readonly owner: string;
  readonly deputy: string;
  readonly purpose: string;
  readonly environment: string;
  /** when it ends */
  readonly expires: string;
  readonly revision: number;
  readonly revisionReviewed: boolean;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly entitlement: Entitlement;
  /** ids of the keys that it authenticates with */
  readonly clientKeys: readonly string[];
  /** when it must be reviewed */
  readonly reviewDue: string | null;
  /** why you see it */
  readonly because: string;
}

/** the widest it may hold */
export interface Entitlement {
  readonly audiences: readonly string[];
  readonly scopes: readonly string[];
  readonly environments: readonly string[];
  readonly dataSets: readonly string[];
  readonly commands: readonly string[];
}

export interface Me {
  /** `user:…` */
  readonly person: string;
  readonly name: string;
  readonly groups: readonly string[];
  readonly roles: readonly string[];
  /** when you signed in */
  readonly signedInAt: string;
  /** when you will have to again */
  readonly expiresAt: string;
  readonly passkeys: readonly Passkey[];
  /** whether you are a sample person of `writ dev`, who never signed in */
  readonly sample: boolean;
}

export interface Passkey {
  /** its WebAuthn credential id, base64url */
  readonly id: string;
  /** what its owner calls it */
  readonly label: string;
  /** when it was recorded */
  readonly addedAt: string;
}

export interface Passkeys {
  readonly passkeys: readonly Passkey[];
}

export interface PasskeyChange {
  /** what it is for */
  readonly event: 'authenticator-added' | 'authenticator-replaced' | 'invited';
  /** of the passkey that is to be replaced */
  readonly id?: string;
  /** `user:…` who is to be invited */
  readonly person?: string;
}

export interface PasskeyChallenge {
  /** base64url; good once, for five minutes; to be sent back */
  readonly nonce: string;
  /** base64url: what a new passkey is made over; for `invited`, what yours signs */
  readonly challenge: string;
  readonly rpId: string;
  /** base64url: names you to the authenticator */
  readonly userId: string;
  readonly person: string;
  /** credential ids of your passkeys */
  readonly existing: readonly string[];
}

/** with either `assertion` or `invitation` */
export interface NewPasskey {
  /** that of the challenge */
  readonly nonce: string;
  readonly registration: Registration;
  /** what you call it */
  readonly label: string;
  readonly assertion?: Assertion;
  /** what the link of your invitation holds */
  readonly invitation?: string;
}

/** WebAuthn Level 3, section 5.2.1 */
export interface Registration {
  /** as the browser gives it */
  readonly clientDataJson: string;
  /** as the browser gives it */
  readonly attestationObject: string;
}

export interface ReplacingPasskey {
  /** that of the challenge */
  readonly nonce: string;
  readonly registration: Registration;
  /** what you call it */
  readonly label: string;
  readonly assertion: Assertion;
}

export interface Inviting {
  /** that of the challenge */
  readonly nonce: string;
  readonly assertion: Assertion;
}

export interface Invitation {
  readonly person: string;
  /** for that person alone, once; it is not shown again */
  readonly url: string;
  /** until when it can be used */
  readonly expiresAt: string;
}

export interface UserCode {
  /** what the terminal shows: `BCDF-GHJK-LMNP` */
  readonly user_code: string;
}

export interface TerminalCode {
  /** what to poll with */
  readonly device_code: string;
  /** what to show */
  readonly user_code: string;
  /** where a person opens it */
  readonly verification_uri: string;
  /** seconds */
  readonly expires_in: number;
  /** seconds between two polls */
  readonly interval: number;
}

export interface TerminalPoll {
  /** that of the start */
  readonly device_code: string;
}

export interface TerminalState {
  readonly state: 'waiting' | 'signed-in';
  /** while it waits: seconds until the next poll */
  readonly interval?: number;
  /** once signed in: what to send as `Authorization: Bearer` */
  readonly session?: string;
  readonly person?: string;
  readonly expires_at?: string;
}

/** Where each operation is, below the URL of the API. */

export const OPERATIONS = {
  requestIdentity: { method: 'POST', path: '/runs' },

  listRuns: { method: 'GET', path: '/runs' },

  previewRun: { method: 'POST', path: '/runs/preview' },

  getRun: { method: 'GET', path: '/runs/{run}' },

  challengeRun: { method: 'POST', path: '/runs/{run}/challenge' },

  approveRun: { method: 'POST', path: '/runs/{run}/approve' },

  confirmRun: { method: 'POST', path: '/runs/{run}/confirm' },

  denyRun: { method: 'POST', path: '/runs/{run}/deny' },

  cancelRun: { method: 'POST', path: '/runs/{run}/cancel' },

  proposeChange: { method: 'POST', path: '/changes' },

  getArtefacts: { method: 'GET', path: '/artefacts' },

  getInbox: { method: 'GET', path: '/inbox' },

  listIdentities: { method: 'GET', path: '/identities' },

  getIdentity: { method: 'GET', path: '/identities/{name}' },

  showMe: { method: 'GET', path: '/me' },

  listPasskeys: { method: 'GET', path: '/passkeys' },

  addPasskey: { method: 'POST', path: '/passkeys' },

  challengePasskey: { method: 'POST', path: '/passkeys/challenge' },

  replacePasskey: { method: 'POST', path: '/passkeys/{id}/replace' },

  reportPasskeyLost: { method: 'POST', path: '/passkeys/{id}/lost' },

  invitePerson: { method: 'POST', path: '/people/{id}/invitations' },

  confirmTerminal: { method: 'POST', path: '/device/confirm' },

  startTerminal: { method: 'POST', path: '/device' },

  pollTerminal: { method: 'POST', path: '/device/token' },

  getDescription: { method: 'GET', path: '/openapi.json' },

  listProblems: { method: 'GET', path: '/problems' },
} as const;
