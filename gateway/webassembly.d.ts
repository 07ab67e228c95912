/** What is used of the WebAssembly JavaScript API, of which the compiler's library knows only within the DOM's. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array)
  }
  class Instance {
    readonly exports: unknown
    constructor(module: Module, imports?: Readonly<Record<string, ModuleImports>>)
  }
  type ModuleImports = Readonly<Record<string, (...values: number[]) => unknown>>
  type Memory = { readonly buffer: ArrayBuffer; grow(pages: number): number }
}
