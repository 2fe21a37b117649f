import { KeyObject } from 'node:crypto';
import type { OidcIssuer } from '@writ/testkit';
import * as oauth from 'oauth4webapi';
import type { Canary } from '../canary.ts';
import { ID_TOKEN, TOKEN_EXCHANGE, type Wish } from '../runner.ts';
import { type Denied, type Granted, requestToken } from '../token-request.ts';
import { httpOptions } from '../wire.ts';

const JWT = 'urn:ietf:params:oauth:token-type:jwt';

/** An AI agent that acts on behalf of a person (RFC 8693): it shows who it is, and for whom. */
export interface Agent {
  /** RFC 7638 thumbprint of its key */
  readonly thumbprint: string;
  /** `onBehalf`: the person's ID token. `run` goes on with a run that waited. */
  exchange(onBehalf: string, wish: AgentWish, run?: string): Promise<Granted | Denied>;
}

export interface AgentWish extends Wish {
  /** the limits that the token is to hold */
  readonly fields: Readonly<Record<string, string | readonly string[]>>;
}

export interface AgentOptions {
  readonly as: oauth.AuthorizationServer;
  /** hands out its JWT-SVIDs */
  readonly agents: OidcIssuer;
  readonly spiffeId: string;
  /** what anchors believe tokens for */
  readonly audience: string;
  readonly canary: Canary;
}

export async function createAgent({ as, agents, spiffeId, audience, canary }: AgentOptions): Promise<Agent> {
  const keys = await oauth.generateKeyPair('ES256', { extractable: true });
  canary.learnKey("the agent's key", KeyObject.from(keys.privateKey));
  const options = { DPoP: oauth.DPoP({}, keys), ...httpOptions(canary) };
  return {
    thumbprint: await options.DPoP.calculateThumbprint(),
    exchange: async (onBehalf, { clientId, resource, scope, fields }, run) => {
      const client = { client_id: clientId };
      const form = {
        resource,
        scope,
        subject_token: onBehalf,
        subject_token_type: ID_TOKEN,
        actor_token: agents.sign({ sub: spiffeId, aud: audience }),
        actor_token_type: JWT,
        authorization_details: JSON.stringify([{ type: 'writ_issuance', fields }]),
        ...(run === undefined ? {} : { writ_run: run }),
      };
      return requestToken({
        canary,
        ask: () => oauth.genericTokenEndpointRequest(as, client, oauth.None(), TOKEN_EXCHANGE, form, options),
        read: (response) => oauth.processGenericTokenEndpointResponse(as, client, response),
      });
    },
  };
}
