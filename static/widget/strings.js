/* Every word the widget says, one table per language. `{name}` is filled in; `ordinal` follows Intl.PluralRules. */

const en = {
  launcher: "Chat with us",
  launcherUnread: "Chat with us, {count} unread",
  conversation: "Conversation",
  minimise: "Minimise",
  close: "End the conversation",
  closeAsk: "End this conversation?",
  closeYes: "End it",
  closeNo: "Keep chatting",
  you: "You",
  assistant: "AI assistant",
  named: "{name}, AI assistant",
  aPerson: "A person",

  statusConnecting: "Connecting",
  statusPassing: "Passing you on",
  statusWaiting: "In line for {queue}",
  statusWaitingAny: "In line for a person",
  statusHuman: "{name} is with you",
  statusHumanQueue: "{name} from {queue} is with you",
  statusElsewhere: "Handed over to {queue}",
  statusElsewhereAny: "Handed over",
  statusMessage: "Leave a message",
  statusEnded: "Conversation ended",
  statusLost: "Reconnecting",
  statusRefused: "Not available here",

  lost: "Connection lost {time} ago, reconnecting.",
  lostWaiting: "Connection lost {time} ago, reconnecting. What you write waits here and goes out by itself.",
  refused: "The chat can’t be reached from this page right now.",
  replaced: "This conversation goes on in another window.",
  continueHere: "Continue here",

  passing: "Passing you on",
  position: "{ordinal} in line for {queue}",
  positionAny: "{ordinal} in line",
  inLineFor: "In line for {queue}",
  inLine: "In line",
  inLineOrdinal: "{ordinal} in line",
  then: "{first}, then {last}",
  about: "about {minutes} min",
  waited: "You waited {time}",
  weSaid: "we said {minutes} min",
  notReached: "nobody was free",
  nobodyThere: "Nobody is there right now",
  failed: "not connected",
  wentBack: "you went back",
  stepPassed: "Passed on",
  stepJoined: "Joined",
  stepBack: "Back to {name}",
  stepMessage: "Leave a message",
  stepEnded: "Ended",
  stepElsewhere: "Handed over",
  keepWriting: "Keep writing, the person who joins sees it all.",
  cancel: "Go back to the assistant",

  joined: "{name} joined at {at}",
  left: "{name} left at {at}",
  aiBack: "{name}, AI assistant, is back",
  elsewhere: "You are being handed over. What you said goes along.",
  elsewhereQueue: "You are being handed over to {queue}. What you said goes along.",
  goThere: "Go to {queue}",
  goThereAny: "Go to a person",
  didNotWork: "That didn’t work",
  idle: "Nothing was said for a while. The conversation ends soon unless you write.",
  ended: "This conversation has ended.",
  endedIdle: "This conversation ended because nothing was said for a while.",
  sessionGone: "The earlier conversation is over, so this is a new one.",
  startNew: "Start a new conversation",
  messageNext: "Leave a message here with your e-mail, and a person writes back.",
  messageNextQueue: "Leave a message here with your e-mail, and {queue} writes back.",

  sending: "Sending",
  waitingToSend: "Waiting for the connection",
  delivered: "Delivered",
  late: "Not sent.",
  tryAgain: "Try again",
  writing: "{name} is writing",
  picture: "Picture",
  open: "Open",

  write: "Write a message",
  writeWaiting: "Add something while you wait",
  writeTo: "Write to {name}",
  writeMessage: "Your message",
  writeClosed: "The conversation has ended",
  email: "Your e-mail",
  emailLine: "E-mail: {email}",
  send: "Send",
  suggestions: "Suggested answers",
  ordinal: { one: "{n}st", two: "{n}nd", few: "{n}rd", other: "{n}th" },
};

const es = {
  launcher: "Chatea con nosotros",
  launcherUnread: "Chatea con nosotros, {count} sin leer",
  conversation: "Conversación",
  minimise: "Minimizar",
  close: "Terminar la conversación",
  closeAsk: "¿Terminar esta conversación?",
  closeYes: "Terminar",
  closeNo: "Seguir",
  you: "Tú",
  assistant: "Asistente de IA",
  named: "{name}, asistente de IA",
  aPerson: "Una persona",

  statusConnecting: "Conectando",
  statusPassing: "Te pasamos con una persona",
  statusWaiting: "En espera: {queue}",
  statusWaitingAny: "En espera de una persona",
  statusHuman: "Te atiende {name}",
  statusHumanQueue: "Te atiende {name}, de {queue}",
  statusElsewhere: "Pasado a {queue}",
  statusElsewhereAny: "Pasado a una persona",
  statusMessage: "Deja un mensaje",
  statusEnded: "Conversación terminada",
  statusLost: "Reconectando",
  statusRefused: "No disponible aquí",

  lost: "Sin conexión desde hace {time}, reconectando.",
  lostWaiting: "Sin conexión desde hace {time}, reconectando. Lo que escribas espera aquí y se envía solo.",
  refused: "El chat no está disponible en esta página por ahora.",
  replaced: "Esta conversación sigue en otra ventana.",
  continueHere: "Continuar aquí",

  passing: "Te pasamos con una persona",
  position: "{ordinal} en la fila de {queue}",
  positionAny: "{ordinal} en la fila",
  inLineFor: "En la fila de {queue}",
  inLine: "En la fila",
  inLineOrdinal: "{ordinal} en la fila",
  then: "{first}, luego {last}",
  about: "unos {minutes} min",
  waited: "Esperaste {time}",
  weSaid: "dijimos {minutes} min",
  notReached: "nadie estaba libre",
  nobodyThere: "Ahora mismo no hay nadie",
  failed: "sin conexión",
  wentBack: "volviste",
  stepPassed: "Avisado",
  stepJoined: "Contigo",
  stepBack: "De vuelta con {name}",
  stepMessage: "Deja un mensaje",
  stepEnded: "Terminado",
  stepElsewhere: "Pasado",
  keepWriting: "Sigue escribiendo: quien te atienda lo verá todo.",
  cancel: "Volver al asistente",

  joined: "{name} se unió a las {at}",
  left: "{name} se fue a las {at}",
  aiBack: "{name}, asistente de IA, sigue contigo",
  elsewhere: "Te pasamos con una persona. Lo que dijiste va contigo.",
  elsewhereQueue: "Te pasamos a {queue}. Lo que dijiste va contigo.",
  goThere: "Ir a {queue}",
  goThereAny: "Ir a una persona",
  didNotWork: "No funcionó",
  idle: "Hace un rato que nadie escribe. La conversación termina pronto si no escribes.",
  ended: "Esta conversación ha terminado.",
  endedIdle: "Esta conversación terminó porque nadie escribió durante un rato.",
  sessionGone: "La conversación anterior ha terminado; esta es nueva.",
  startNew: "Empezar otra conversación",
  messageNext: "Deja un mensaje con tu correo y una persona te responderá.",
  messageNextQueue: "Deja un mensaje con tu correo y {queue} te responderá.",

  sending: "Enviando",
  waitingToSend: "A la espera de conexión",
  delivered: "Entregado",
  late: "No enviado.",
  tryAgain: "Reintentar",
  writing: "{name} está escribiendo",
  picture: "Imagen",
  open: "Abrir",

  write: "Escribe un mensaje",
  writeWaiting: "Añade algo mientras esperas",
  writeTo: "Escribe a {name}",
  writeMessage: "Tu mensaje",
  writeClosed: "La conversación ha terminado",
  email: "Tu correo",
  emailLine: "Correo: {email}",
  send: "Enviar",
  suggestions: "Respuestas sugeridas",
  ordinal: { other: "{n}.º" },
};

export const LANGUAGES = { en, es };

const language = (locale) => locale.split("-")[0];

// A page's lang may be anything, "en_GB" and "" included.
const canonical = (locale) => {
  try {
    return Intl.getCanonicalLocales((locale || "en").replace("_", "-"))[0];
  } catch (error) {
    if (error instanceof RangeError) return "en";
    throw error;
  }
};

/** The words for a locale: `t(key, values)`, ordinals, clock times and durations. */
export class Strings {
  constructor(locale, own) {
    this.own = own;
    this.use(locale);
  }

  /** Changes the language; one we do not speak is English, unless the page brought its own words for it. */
  use(locale) {
    const asked = canonical(locale);
    const known = language(asked) in LANGUAGES || "ordinal" in this.own;
    this.locale = known ? asked : "en";
    this.table = { ...en, ...LANGUAGES[language(this.locale)], ...this.own };
    this.plural = new Intl.PluralRules(this.locale, { type: "ordinal" });
    this.clock = new Intl.DateTimeFormat(this.locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  }

  t(key, values = {}) {
    return this.table[key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  }

  ordinal(n) {
    const forms = this.table.ordinal;
    return (forms[this.plural.select(n)] ?? forms.other).replace("{n}", n);
  }

  time(iso) {
    return this.clock.format(new Date(iso));
  }

  /** m:ss between two instants, never negative. */
  duration(fromMs, toMs) {
    const seconds = Math.max(0, Math.round((toMs - fromMs) / 1000));
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }
}

export const loadStrings = (locale, own = {}) => new Strings(locale, own);
