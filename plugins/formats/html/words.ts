/** What the words of HTML mean for reading a page. Lower case. */

const set = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/))

/** Elements across which text runs on: what they part is one word to a reader. */
export const inline =
  set(`a abbr acronym b bdi bdo big blink cite code data del dfn em font i ins kbd label mark nobr q rb rp
  rt rtc ruby s samp small span strike strong sub sup time tt u var wbr`)

export const controls = set('input select textarea button output meter progress')

/** Inputs whose value is what is written on them. */
export const buttons = set('submit button reset image')

/** Content that browsers of today do not show, and that is text to the parser whatever it says. */
export const unshown = set('iframe noembed noframes')

/** Content that is shown as it is written, without references. */
export const verbatim = set('xmp plaintext')

/** Children of these do not name one another. */
export const lists = set('select optgroup datalist table thead tbody tfoot tr colgroup')

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
  'id name class itemprop data-field data-name data-prop data-column data-index field prop aria-label',
)

/** Texts beside a control that may name it. */
export const describing = set('placeholder aria-label title data-field data-name data-prop data-label field')

/** Types of scripts that are programs; the rest is data or text. */
export const programs = set(`text/javascript application/javascript module text/ecmascript application/ecmascript
  application/x-javascript text/x-javascript text/jscript text/livescript javascript`)

/** Elements by which a text is known to be a piece of a page. */
export const pageRoots =
  set(`html head body div p span table thead tbody tr td th ul ol li dl dt dd h1 h2 h3 h4 h5 h6 br b i u strong
  em font a img center hr pre input select textarea button script style link meta section article`)
