import { createRequire } from 'node:module';
import type * as Sdk from 'bybit-api';

/**
 * Where this variable is set when the SDK is loaded, it prints every request, key and signature in
 * it. Required rather than imported, since an import of a package comes before everything else.
 */
delete process.env['BYBITTRACE'];
const sdk = createRequire(import.meta.url)('bybit-api') as typeof Sdk;

export const { RestClientV5, WebsocketClient, WS_KEY_MAP } = sdk;
