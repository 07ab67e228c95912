/** What the words of HTML mean for reading a page. Lower case. */

const set = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/))

/** What an element is to a reader of a page; bits. */
export const trait = {
  /** A word runs on across it. */
  inline: 1,
  /** It parts running text. */
  block: 2,
  control: 4,
  table: 8,
  row: 16,
  /** What stands in it side by side does not name one another. */
  list: 32,
  /** An anchor; a link where it leads somewhere. */
  link: 64,
  /** Its text is no text of what it stands in. */
  silent: 128,
  /** Browsers of today do not show its content, which is text to the parser whatever it says. */
  unshown: 256,
  /** Its content is shown as it is written, without references. */
  verbatim: 512,
  /** HTML has it. */
  known: 1024,
} as const

const tags: Readonly<Partial<Record<keyof typeof trait, string>>> = {
  inline: `a abbr acronym b bdi bdo big blink cite code data del dfn em font i ins kbd label mark nobr q rb rp
    rt rtc ruby s samp small span strike strong sub sup time tt u var wbr`,
  control: 'input select textarea button output meter progress',
  table: 'table',
  row: 'tr li dl',
  list: 'select optgroup datalist table thead tbody tfoot tr colgroup',
  link: 'a',
  silent: 'script style template noscript input select textarea button output meter progress',
  unshown: 'iframe noembed noframes',
  verbatim: 'xmp plaintext',
  known: `html head title base link meta style script noscript body section nav article aside h1 h2 h3 h4 h5 h6 hgroup
    header footer address main p hr pre blockquote ol ul menu li dl dt dd figure figcaption div a em strong
    small s cite q dfn abbr data time code var samp kbd sub sup i b u mark bdi bdo ruby rb rt rtc rp span br wbr
    ins del img picture source iframe embed object param video audio track map area table caption colgroup col
    tbody thead tfoot tr td th form label input button select datalist optgroup option textarea output progress
    meter fieldset legend details summary dialog canvas template slot search applet acronym bgsound dir frame
    frameset noframes isindex keygen listing menuitem nextid noembed plaintext strike xmp basefont big blink
    center font image marquee multicol nobr spacer tt svg math`,
}

/** Elements that HTML has. */
export const knownTags = set(tags.known!)

const traits: ReadonlyMap<string, number> = traitsByTag()

function traitsByTag(): Map<string, number> {
  const found = new Map<string, number>()
  for (const [name, words] of Object.entries(tags)) {
    for (const tag of set(words)) found.set(tag, (found.get(tag) ?? 0) | trait[name as keyof typeof trait])
  }
  for (const [tag, bits] of found) if ((bits & trait.inline) === 0 && tag !== 'br') found.set(tag, bits | trait.block)
  return found
}

export function traitsOf(tag: string): number {
  // Elements that a page's own programs make are as they make them, and mostly inline.
  return traits.get(tag) ?? (tag.includes('-') ? 0 : trait.block)
}

/** Inputs whose value is what is written on them. */
export const buttons = set('submit button reset image')

/** Attributes that say how a page is built. Read by the detectors, never by what their element is bound to. */
export const structural =
  set(`abbr accept accept-charset accesskey align allow async autocapitalize autocomplete autofocus autoplay
  axis background-color bgcolor blocking border bordercolor cellpadding cellspacing char charoff charset checked class clear
  color cols colspan contenteditable controls coords crossorigin d datetime-local decoding defer dir dirname disabled
  download draggable enctype enterkeyhint event face fetchpriority fill for form formenctype formmethod formnovalidate
  formtarget frame frameborder headers height hidden high hreflang hspace http-equiv id imagesizes inert inputmode
  integrity is ismap itemid itemprop itemscope itemtype kind language lang link list loading longdesc loop low marginheight
  marginwidth max maxlength media method min minlength multiple muted name nohref nomodule nonce noresize noshade novalidate
  nowrap onlyshow open optimum pattern playsinline points preload profile property rel readonly referrerpolicy required rev
  reversed role rows rowspan rules sandbox scheme scope scrolling selected shape size sizes slot span spellcheck start step
  stroke stroke-width style-src tabindex target text transform translate type typemustmatch usemap valign valuetype version
  viewbox vlink vspace width wrap x x1 x2 xmlns y y1 y2`)

export const urls =
  set(`action archive background cite classid codebase data formaction href icon lowsrc manifest ping poster
  src xlink:href usemap-src`)

/** Attributes that may name what an element without blocks in it shows. */
export const naming = set(
  'id name class itemprop data-field data-name data-prop data-column data-index data-label data-th field prop aria-label',
)

/** Elements that say how letters look, and part nothing. */
export const ofLetters = set('b i u em strong font big small tt code mark s strike del ins sub sup kbd samp')

/** Elements that mark what they hold as a label. */
export const labelling = set('label b strong th dt legend')

/** Texts beside a control that may name it. */
export const describing = set('placeholder aria-label title data-field data-name data-prop data-label field')

/** Types of scripts that are programs; the rest is data or text. */
export const programs = set(`text/javascript application/javascript module text/ecmascript application/ecmascript
  application/x-javascript text/x-javascript text/jscript text/livescript javascript`)

/** Elements by which a text is known to be a piece of a page. */
export const pageRoots =
  set(`html head body div p span table thead tbody tr td th ul ol li dl dt dd h1 h2 h3 h4 h5 h6 br b i u strong
  em font a mark small big s sub sup label img center hr pre input select textarea button script style link meta section article`)
