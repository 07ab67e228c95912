/** What frameworks put before a field's name in that of its control: `txtIdCard`, `lbl_xm`. */
const widget =
  /^(?:txt|lbl|lab|hid|hdn|hf|ddl|tb|rbl|cbl|rb|cb|lit|td|inp|input|sel|span|form|field)[_-]?(?=[A-Z\u4e00-\u9fff]|(?<=[_-]).)/

/** The name of a control without that; itself where it has none. */
export function withoutWidget(name: string): string {
  const first = name.charCodeAt(0)
  return first >= 0x61 && first <= 0x7a ? name.replace(widget, '') : name
}
