/** A body of a format, made of a text or of so many of something. */
export type Body<Of> = { readonly format: string; of(what: Of): string }
