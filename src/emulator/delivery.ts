/** What the emulation wants done on the wire; whoever serves carries it out, in order. */
export type Delivery =
  | {
      readonly t: 'respond';
      readonly http: number;
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  /** The connection of a request is cut. */
  | { readonly t: 'cut'; readonly http: number }
  | { readonly t: 'say'; readonly socket: number; readonly text: string }
  | { readonly t: 'close'; readonly socket: number };
