// The page's own words in the languages it speaks; the bot's words come from the bot.

import * as session from "./session.js";

const WORDS = {
  en: {
    keepHere: "Keep this on this phone", saveCard: "Save as a picture",
    another: "This tab is a new talk. What you said in the other tab is not here.",
    help: "Help", leaveShort: "Leave", who: "A computer helps you write; a person reads it",
    itself: "English", leave: "Leave quickly", menu: "Menu", send: "Send", write: "Write here", attach: "Send a file",
    log: "Conversation", below: "Read on", copied: "Copied", copy: "copy", sending: "Sending", sent: "Sent", you: "You", hidden: "Hidden, tap to show",
    reconnecting: "No connection. Trying again…", refused: "This could not be sent.", helpNow: "For help now:", danger: "If anyone is in danger now",
    tooLarge: "This file is too big. The most is 20 MB.", keep: "Keep this chat on this device for a day",
    keepNote: "Anyone who opens this page on this device within 24 hours sees this chat. Leave quickly always forgets it.",
    instead: "Write a message instead", show: "Show", dots: "Hidden", picture: "Picture", ok: "OK", writing: "Writing…",
    besideNote: "j and k move, Enter opens, Escape leaves the list", letters: "The keys j and k move in the list",
    password: "Passphrase", "new-password": "New passphrase", "one-time-code": "Code", pin: "PIN",
  },
  es: {
    keepHere: "Guardar en este móvil", saveCard: "Guardar como imagen",
    another: "Esta pestaña es otra conversación. Lo que dijiste en la otra no está aquí.",
    help: "Ayuda", leaveShort: "Salir", who: "Te ayuda un ordenador; lo lee una persona",
    itself: "Español", leave: "Salir rápido", menu: "Menú", send: "Enviar", write: "Escribe aquí", attach: "Enviar un archivo",
    log: "Conversación", below: "Seguir leyendo", copied: "Copiado", copy: "copiar", sending: "Enviando", sent: "Enviado", you: "Tú", hidden: "Oculto, toca para ver",
    reconnecting: "Sin conexión. Lo intentamos de nuevo…", refused: "No se ha podido enviar.", helpNow: "Para recibir ayuda ahora:", danger: "Si alguien está en peligro ahora",
    tooLarge: "El archivo es demasiado grande. El máximo es 20 MB.", keep: "Guardar este chat en este dispositivo un día",
    keepNote: "Quien abra esta página en este dispositivo en las próximas 24 horas verá este chat. Salir rápido siempre lo borra.",
    instead: "Escribir un mensaje en su lugar", show: "Mostrar", dots: "Oculto", picture: "Imagen", ok: "Vale", writing: "Escribiendo…",
    besideNote: "j y k mueven, Intro abre, Escape sale de la lista", letters: "Las teclas j y k se mueven por la lista",
    password: "Frase de contraseña", "new-password": "Nueva frase de contraseña", "one-time-code": "Código", pin: "PIN",
  },
  ar: {
    keepHere: "احفظها على هذا الهاتف", saveCard: "احفظها كصورة",
    another: "هذه محادثة جديدة. ما قلته في النافذة الأخرى ليس هنا.",
    help: "مساعدة", leaveShort: "خروج", who: "حاسوب يساعدك على الكتابة، وإنسان يقرأ ما تكتبه",
    itself: "العربية", leave: "خروج سريع", menu: "القائمة", send: "إرسال", write: "اكتب هنا", attach: "إرسال ملف",
    log: "المحادثة", below: "تابع القراءة", copied: "تم النسخ", copy: "نسخ", sending: "جارٍ الإرسال", sent: "أُرسلت", you: "أنت", hidden: "مخفي، اضغط للعرض",
    reconnecting: "لا يوجد اتصال. نحاول مرة أخرى…", refused: "تعذّر الإرسال.", helpNow: "للحصول على مساعدة الآن:", danger: "إن كان أحدٌ في خطر الآن",
    tooLarge: "الملف كبير جدًا. الحد الأقصى 20 ميغابايت.", keep: "احفظ هذه المحادثة على هذا الجهاز ليوم واحد",
    keepNote: "كل من يفتح هذه الصفحة على هذا الجهاز خلال 24 ساعة سيرى المحادثة. الخروج السريع يمحوها دائمًا.",
    instead: "اكتب رسالة بدلًا من ذلك", show: "إظهار", dots: "مخفي", picture: "صورة", ok: "حسنًا", writing: "يكتب الآن…",
    besideNote: "j وk للتنقل، Enter للفتح، Escape للخروج من القائمة", letters: "المفتاحان j وk للتنقل في القائمة",
    password: "عبارة المرور", "new-password": "عبارة مرور جديدة", "one-time-code": "الرمز", pin: "الرقم السري",
  },
};
const RIGHT_TO_LEFT = ["ar", "fa", "he", "ps", "ur"];

const asked = session.language() || new URLSearchParams(location.search).get("lang") || navigator.language || "en";

let told = /^[A-Za-z0-9-]{2,12}$/.test(asked) ? asked.toLowerCase() : "en";

let spoken = "en";

/** The language told to the bot: letters, digits and hyphens only. */
export function language() {
  return told;
}

/** Say one of the page's own words. */
export function word(name) {
  return WORDS[spoken][name];
}

/** Put the words into everything that names one, and set the page's language and direction. */
export function speak() {
  const base = told.split("-")[0];
  spoken = WORDS[base] ? base : "en";
  document.documentElement.lang = spoken;
  document.documentElement.dir = RIGHT_TO_LEFT.includes(spoken) ? "rtl" : "ltr";
  for (const element of document.querySelectorAll("[data-word]")) {
    element.textContent = word(element.dataset.word);
  }
  for (const element of document.querySelectorAll("[data-name]")) {
    element.setAttribute("aria-label", word(element.dataset.name));
  }
}

/** Speak the language whose own name stands on a tapped button, and keep to it in this tab; tells whether it changed. */
export function follow(label) {
  const chosen = Object.keys(WORDS).find((tag) => WORDS[tag].itself === label);
  if (!chosen || chosen === spoken) return false;
  told = chosen;
  session.speak(chosen);
  speak();
  return true;
}
